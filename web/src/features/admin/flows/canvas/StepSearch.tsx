import { type RefSelectProps, Select } from "antd";
import { memo, type RefObject, useMemo } from "react";
import { useTranslation } from "react-i18next";
import type { FlowGraph, FlowNode } from "../model/graph";
import type { KnownKinds } from "../model/useKinds";
import styles from "./CanvasTools.module.css";

interface Props {
  graph: FlowGraph;
  numbers: ReadonlyMap<string, number>;
  known: KnownKinds;
  detailOf: (node: FlowNode) => string;
  search: RefObject<RefSelectProps | null>;
  /** stays the same while nothing about it changes: with hundreds of steps this is dear to draw anew */
  onFound: (id: string) => void;
}

/** The way to any step of the flow, by its number, name, or what it does. */
export const StepSearch = memo(function StepSearch(props: Props) {
  const { graph, numbers, known, detailOf, search, onFound } = props;
  const { t } = useTranslation("flows");
  const steps = useMemo(
    () =>
      graph.nodes
        .map((node) => ({
          value: node.id,
          number: numbers.get(node.id) ?? Number.MAX_SAFE_INTEGER,
          label: [numbers.get(node.id), known.nameOf(node.kind), detailOf(node), node.id]
            .filter(Boolean)
            .join(" · "),
        }))
        .sort((a, b) => a.number - b.number),
    [graph, numbers, known, detailOf],
  );
  return (
    <Select
      ref={search}
      className={styles.search ?? ""}
      aria-label={t("canvas.search")}
      placeholder={t("canvas.search")}
      value={null}
      showSearch={{ optionFilterProp: "label" }}
      options={steps}
      notFoundContent={t("nothingFound")}
      popupMatchSelectWidth={360}
      onSelect={(id) => onFound(String(id))}
    />
  );
});
