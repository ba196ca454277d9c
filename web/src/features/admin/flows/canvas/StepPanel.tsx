import { Button, Form } from "antd";
import { Trash2 } from "lucide-react";
import { type KeyboardEvent, type Ref, useEffect } from "react";
import { useTranslation } from "react-i18next";
import { StepFields } from "../components/StepFields";
import { isSameGraph } from "../model/draft";
import { changeStep, type Exits, exitsNow } from "../model/edits";
import type { FlowGraph, FlowNode } from "../model/graph";
import type { Command } from "../model/history";
import { exitsOf } from "../model/kinds";
import { type FormConfig, fromForm, toForm } from "../model/panel";
import { useKinds } from "../model/useKinds";
import styles from "./StepPanel.module.css";

interface Props {
  ref: Ref<HTMLElement>;
  graph: FlowGraph;
  node: FlowNode;
  number: number | undefined;
  nameOf: (node: FlowNode) => string;
  trouble: string | undefined;
  isReadOnly: boolean;
  perform: (command: Command) => void;
  onRemove: () => void;
  /** Back to the canvas. */
  onLeave: () => void;
}

interface Values {
  config?: FormConfig;
  exits?: Exits;
}

/** The step that is selected: what is typed here is the draft at once, and can be undone like everything else. */
export function StepPanel(props: Props) {
  const { ref, graph, node, number, nameOf, trouble, isReadOnly, perform, onRemove, onLeave } = props;
  const { t } = useTranslation("flows");
  const { kinds, nameOf: nameOfKind } = useKinds();
  const [form] = Form.useForm<Values>();
  const fields = kinds.get(node.kind)?.fields ?? [];
  const exits = exitsNow(graph, kinds, node);
  const name = nameOfKind(node.kind);

  /** What the form says of the step by now. Rows that are not whole yet say nothing. */
  const written = () => {
    const { config = {}, exits: wanted = {} } = form.getFieldsValue(true) as Values;
    const told = fromForm(fields, node.config, config);
    const ways = exitsOf({ ...node, config: told }, kinds, graph);
    return { config: told, exits: Object.fromEntries(ways.map((exit) => [exit, wanted[exit] ?? null])) };
  };
  // What was changed elsewhere, as by undoing or by drawing a way, is what the form shows.
  useEffect(() => {
    if (isSameGraph(written(), { config: node.config, exits })) return;
    form.setFieldsValue({ config: toForm(fields, node.config), exits });
  });
  const apply = (typed: Values) => {
    const change = written();
    if (isSameGraph(change, { config: node.config, exits })) return;
    perform({
      name: "changed",
      facts: { kind: name },
      merge: `step ${node.id} ${JSON.stringify(Object.keys(typed.config ?? typed.exits ?? {}))}`,
      run: (now) => changeStep(now, kinds, node.id, change),
    });
  };
  const leave = (event: KeyboardEvent) => {
    if (event.key !== "Escape" || event.defaultPrevented) return;
    event.preventDefault();
    onLeave();
  };
  return (
    <aside ref={ref} className={styles.panel} aria-label={t("canvas.panel")} onKeyDown={leave}>
      <h2 className={styles.title}>
        {number !== undefined && `${number}. `}
        {name} <code className={styles.id}>{node.id}</code>
      </h2>
      {trouble !== undefined && <p className={styles.trouble}>{trouble}</p>}
      <Form<Values>
        form={form}
        layout="vertical"
        disabled={isReadOnly}
        initialValues={{ config: toForm(fields, node.config), exits }}
        onValuesChange={apply}
      >
        <StepFields graph={graph} node={node} nameOf={nameOf} />
      </Form>
      {!isReadOnly && node.id !== graph.start && (
        <Button danger icon={<Trash2 size={16} />} onClick={onRemove}>
          {t("step.remove")}
        </Button>
      )}
    </aside>
  );
}
