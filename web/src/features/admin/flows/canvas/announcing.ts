import type { TFunction } from "i18next";
import { exitsNow } from "../model/edits";
import type { FlowGraph, FlowNode } from "../model/graph";
import { type KnownKinds, toLine } from "../model/useKinds";

interface Given {
  graph: FlowGraph;
  known: KnownKinds;
  detailOf: (node: FlowNode) => string;
  numbers: ReadonlyMap<string, number>;
  troubles: ReadonlyMap<string, string>;
  t: TFunction<"flows">;
}

/** A step as it is told to whoever cannot see it: what it is, what is wrong with it, and where each way out leads. */
export function walkedWords({ graph, known, detailOf, numbers, troubles, t }: Given, id: string): string {
  const node = graph.nodes.find((each) => each.id === id);
  if (!node) return "";
  const titleOf = (each: FlowNode) => {
    const number = numbers.get(each.id);
    return number === undefined ? known.nameOf(each.kind) : `${number}. ${known.nameOf(each.kind)}`;
  };
  const ways = Object.entries(exitsNow(graph, known.kinds, node)).map(([exit, to]) => {
    const target = graph.nodes.find((each) => each.id === to);
    return t("canvas.leads", {
      exit: toLine(known.exitOf(node, exit)),
      to: target ? titleOf(target) : t("step.nowhere"),
    });
  });
  return [titleOf(node), detailOf(node), troubles.get(id), ...ways].filter(Boolean).join(t("canvas.stop"));
}
