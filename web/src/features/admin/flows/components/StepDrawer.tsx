import { Button, Form, Select, Skeleton } from "antd";
import { Trash2 } from "lucide-react";
import { useTranslation } from "react-i18next";
import { FormDrawer } from "@/ui/FormDrawer";
import { changeStep, type Exits, exitsNow, newTarget, removeStep } from "../model/edits";
import type { FlowGraph, FlowNode } from "../model/graph";
import { exitsOf, type PanelField } from "../model/kinds";
import { numbersOf, toOutline } from "../model/outline";
import { type FormConfig, fromForm, toForm } from "../model/panel";
import { toLine, useKinds } from "../model/useKinds";
import { PanelItem } from "./PanelInput";

interface Props {
  graph: FlowGraph;
  node: FlowNode;
  nameOf: (node: FlowNode) => string;
  onChange: (graph: FlowGraph) => void;
  onClose: () => void;
}

interface Values {
  config: FormConfig;
  exits: Exits;
}

/** One step of a flow: what it is told, and where each way out of it leads. Its panel is drawn from what it asks. */
export function StepDrawer({ graph, node, nameOf, onChange, onClose }: Props) {
  const { t } = useTranslation("flows");
  const { kinds, isPending, nameOf: nameOfKind } = useKinds();
  const kind = kinds.get(node.kind);
  const fields = kind?.fields ?? [];
  return (
    <FormDrawer<Values>
      key={`${node.id} ${isPending}`}
      title={t("step.title", { kind: nameOfKind(node.kind), id: node.id })}
      isOpen
      initial={{ config: toForm(fields, node.config), exits: exitsNow(graph, kinds, node) }}
      submitLabel={t("step.apply")}
      onClose={onClose}
      onSubmit={async ({ config = {}, exits = {} }) => {
        onChange(changeStep(graph, kinds, node.id, { config: fromForm(fields, node.config, config), exits }));
        onClose();
      }}
    >
      {isPending ? (
        <Skeleton active />
      ) : (
        <>
          {!kind && <p>{t("step.unknown")}</p>}
          {fields.map((field) => (
            <PanelItem key={field.name} field={field} />
          ))}
          <ExitFields graph={graph} node={node} fields={fields} nameOf={nameOf} />
          {node.id !== graph.start && (
            <Button
              danger
              icon={<Trash2 size={16} />}
              onClick={() => {
                onChange(removeStep(graph, node.id));
                onClose();
              }}
            >
              {t("step.remove")}
            </Button>
          )}
        </>
      )}
    </FormDrawer>
  );
}

interface ExitProps {
  graph: FlowGraph;
  node: FlowNode;
  fields: readonly PanelField[];
  nameOf: (node: FlowNode) => string;
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
