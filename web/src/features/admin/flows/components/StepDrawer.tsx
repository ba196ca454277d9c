import { Button, Skeleton } from "antd";
import { Trash2 } from "lucide-react";
import { useTranslation } from "react-i18next";
import { FormDrawer } from "@/ui/FormDrawer";
import { changeStep, type Exits, exitsNow, removeStep } from "../model/edits";
import type { FlowGraph, FlowNode } from "../model/graph";
import { type FormConfig, fromForm, toForm } from "../model/panel";
import { useKinds } from "../model/useKinds";
import { StepFields } from "./StepFields";

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
  const fields = kinds.get(node.kind)?.fields ?? [];
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
          <StepFields graph={graph} node={node} nameOf={nameOf} />
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
