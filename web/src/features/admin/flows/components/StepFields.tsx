import { Form, Select } from "antd";
import { useTranslation } from "react-i18next";
import { newTarget } from "../model/edits";
import type { FlowGraph, FlowNode } from "../model/graph";
import { exitsOf, type PanelField } from "../model/kinds";
import { numbersOf, toOutline } from "../model/outline";
import { type FormConfig, fromForm } from "../model/panel";
import { toLine, useKinds } from "../model/useKinds";
import { PanelItem } from "./PanelInput";

interface Props {
  graph: FlowGraph;
  node: FlowNode;
  nameOf: (node: FlowNode) => string;
}

/** What a step is asked: what its kind says, and where each exit leads. Stands inside a form of `config` and `exits`. */
export function StepFields({ graph, node, nameOf }: Props) {
  const { t } = useTranslation("flows");
  const kind = useKinds().kinds.get(node.kind);
  const fields = kind?.fields ?? [];
  return (
    <>
      {!kind && <p>{t("step.unknown")}</p>}
      {fields.map((field) => (
        <PanelItem key={field.name} field={field} />
      ))}
      <ExitFields graph={graph} node={node} fields={fields} nameOf={nameOf} />
    </>
  );
}

interface ExitProps extends Props {
  fields: readonly PanelField[];
}

/** Where each exit leads: to a step that stands, or to a new one. A menu's exits follow the keys in the form. */
function ExitFields({ graph, node, fields, nameOf }: ExitProps) {
  const { t } = useTranslation("flows");
  const { kinds, nameOf: nameOfKind, exitOf } = useKinds();
  const form = Form.useFormInstance();
  const typed = Form.useWatch("config", form) as FormConfig | undefined;
  const config = typed === undefined ? node.config : fromForm(fields, node.config, typed);
  const now = { ...node, config };
  const exits = exitsOf(now, kinds, graph);
  if (exits.length === 0) return null;
  const numbers = numbersOf(toOutline(graph, kinds));
  const standing = graph.nodes
    .filter(({ id }) => id !== graph.start)
    .map((each) => ({
      value: each.id,
      number: numbers.get(each.id) ?? Number.MAX_SAFE_INTEGER,
      label: [numbers.get(each.id), nameOfKind(each.kind), nameOf(each)].filter(Boolean).join(" · "),
    }))
    .sort((a, b) => a.number - b.number);
  const made = [...kinds.keys()]
    .filter((each) => each !== "start")
    .map((each) => ({ value: newTarget(each), label: t("step.newOf", { kind: nameOfKind(each) }) }));
  return (
    <fieldset style={{ border: 0, padding: 0, margin: 0, minWidth: 0 }}>
      <legend style={{ fontWeight: 600, marginBottom: 8 }}>{t("step.exits")}</legend>
      {exits.map((exit) => (
        <Form.Item
          key={exit}
          name={["exits", exit]}
          label={toLine(exitOf(now, exit))}
          style={{ marginBottom: 12 }}
        >
          <Select
            allowClear
            placeholder={t("step.nowhere")}
            showSearch={{ optionFilterProp: "label" }}
            options={[
              { label: t("step.standing"), options: standing },
              { label: t("step.new"), options: made },
            ]}
          />
        </Form.Item>
      ))}
    </fieldset>
  );
}
