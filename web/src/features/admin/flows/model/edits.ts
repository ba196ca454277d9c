/** Changing a flow's graph, one edit at a time; each returns a new graph. Pure. */
import type { FlowGraph, FlowNode } from "./graph";
import { exitsOf, type Kinds } from "./kinds";

export type Exits = Readonly<Record<string, string | null>>;
/** A target that does not stand yet: a new step of this kind. */
const NEW = "new:";

export function newTarget(kind: string): string {
  return `${NEW}${kind}`;
}

function freeId(graph: FlowGraph, kind: string): string {
  const taken = new Set(graph.nodes.map(({ id }) => id));
  if (!taken.has(kind)) return kind;
  for (let number = 2; ; number++) if (!taken.has(`${kind}_${number}`)) return `${kind}_${number}`;
}

/** Where each exit of a node leads, null for nowhere. */
export function exitsNow(graph: FlowGraph, kinds: Kinds, node: FlowNode): Exits {
  const targets = new Map(
    graph.edges.flatMap(({ from, exit, to }) => (from === node.id ? [[exit, to]] : [])),
  );
  return Object.fromEntries(exitsOf(node, kinds, graph).map((exit) => [exit, targets.get(exit) ?? null]));
}

/** Let a node be told `config`, and lead where `exits` say. A new target is made, empty, and leads on to where that way
 * led before. */
export function changeStep(
  graph: FlowGraph,
  kinds: Kinds,
  id: string,
  change: { config: Record<string, unknown>; exits: Exits },
): FlowGraph {
  const nodes = graph.nodes.map((node) => (node.id === id ? { ...node, config: change.config } : node));
  let changed: FlowGraph = { ...graph, nodes, edges: graph.edges.filter(({ from }) => from !== id) };
  const node = nodes.find((each) => each.id === id);
  if (!node) return graph;
  const before = exitsNow(graph, kinds, node);
  let added = 0;
  for (const exit of exitsOf(node, kinds, changed)) {
    const wanted = change.exits[exit] ?? null;
    if (wanted === null) continue;
    let to = wanted;
    if (wanted.startsWith(NEW)) {
      const kind = wanted.slice(NEW.length);
      to = freeId(changed, kind);
      const { x, y } = node.position ?? { x: 80, y: 80 };
      const made: FlowNode = { id: to, kind, config: {}, position: { x: x + 240, y: y + 140 * added } };
      added += 1;
      changed = { ...changed, nodes: [...changed.nodes, made] };
      const [onward] = kinds.get(kind)?.exits_by ? [] : exitsOf(made, kinds, changed);
      const led = before[exit];
      if (onward !== undefined && typeof led === "string")
        changed = { ...changed, edges: [...changed.edges, { from: to, exit: onward, to: led }] };
    }
    changed = { ...changed, edges: [...changed.edges, { from: id, exit, to }] };
  }
  return changed;
}

/** Take a node out. Where it had one way on, whoever led to it leads there now; else those exits are open. */
export function removeStep(graph: FlowGraph, id: string): FlowGraph {
  const onward = graph.edges.filter(({ from, to }) => from === id && to !== id);
  const next = onward.length === 1 ? onward[0]?.to : undefined;
  const edges = graph.edges
    .filter(({ from }) => from !== id)
    .flatMap((edge) => (edge.to !== id ? [edge] : next === undefined ? [] : [{ ...edge, to: next }]));
  return { ...graph, nodes: graph.nodes.filter((node) => node.id !== id), edges };
}
