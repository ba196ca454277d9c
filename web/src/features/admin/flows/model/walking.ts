/** Going from step to step by the arrow keys: along the ways a caller may go, and between those beside. Pure. */
import type { FlowGraph } from "./graph";
import { exitsOf, type Kinds } from "./kinds";
import { placesOf } from "./placing";

export type Direction = "onward" | "back" | "up" | "down";

/** Where each exit of a step leads, in the order in which they are shown. */
export function targetsOf(graph: FlowGraph, kinds: Kinds, id: string): string[] {
  const node = graph.nodes.find((each) => each.id === id);
  if (!node) return [];
  const ways = new Map(graph.edges.flatMap(({ from, exit, to }) => (from === id ? [[exit, to]] : [])));
  return [...new Set(exitsOf(node, kinds, graph).flatMap((exit) => ways.get(exit) ?? []))];
}

/** The step to go to from `id`, or null. `came` is the step one came from, which decides among several ways back. */
export function walk(
  graph: FlowGraph,
  kinds: Kinds,
  id: string,
  direction: Direction,
  came: string | null = null,
): string | null {
  if (direction === "onward") {
    const targets = targetsOf(graph, kinds, id);
    return (came !== null && targets.includes(came) ? came : targets[0]) ?? null;
  }
  const sources = [
    ...new Set(graph.edges.flatMap(({ from, to }) => (to === id && from !== id ? [from] : []))),
  ];
  if (direction === "back") return (came !== null && sources.includes(came) ? came : sources[0]) ?? null;
  const beside = besideOf(graph, kinds, id, came !== null && sources.includes(came) ? [came] : sources);
  const next = beside[beside.indexOf(id) + (direction === "down" ? 1 : -1)];
  return next ?? nearest(graph, id, direction);
}

/** The steps that the same step leads to, this one among them. */
function besideOf(graph: FlowGraph, kinds: Kinds, id: string, sources: readonly string[]): string[] {
  const [source] = sources;
  return source === undefined ? [id] : targetsOf(graph, kinds, source);
}

/** The nearest step above or below on the canvas; sideways counts twice. */
function nearest(graph: FlowGraph, id: string, direction: "up" | "down"): string | null {
  const places = placesOf(graph);
  const here = places.get(id);
  if (!here) return null;
  let best: string | null = null;
  let least = Number.POSITIVE_INFINITY;
  for (const [other, { x, y }] of places) {
    const down = direction === "down" ? y - here.y : here.y - y;
    if (other === id || down <= 0) continue;
    const distance = down + 2 * Math.abs(x - here.x);
    if (distance < least) [best, least] = [other, distance];
  }
  return best;
}
