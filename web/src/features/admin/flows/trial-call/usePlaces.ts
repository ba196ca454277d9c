import { useMemo } from "react";
import type { FlowGraph } from "../model/graph";
import { numbersOf, toOutline } from "../model/outline";
import { useKinds } from "../model/useKinds";

/** What a step is called, as the outline and the canvas do. */
export function usePlaces(graph: FlowGraph | null): (step: string) => string {
  const { kinds, nameOf } = useKinds();
  const numbers = useMemo(
    () => (graph ? numbersOf(toOutline(graph, kinds)) : new Map<string, number>()),
    [graph, kinds],
  );
  return (id) => {
    const [drawn = id] = id.split("/");
    const name = nameOf(graph?.nodes.find((node) => node.id === drawn)?.kind ?? drawn);
    const number = numbers.get(drawn);
    const place = number === undefined ? name : `${number}. ${name}`;
    return drawn === id ? place : `${place} › ${id.slice(drawn.length + 1)}`;
  };
}
