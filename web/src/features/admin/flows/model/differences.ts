/** What changed from one graph to another. Where a step stands on the canvas is no change. Pure. */
import { isSameGraph } from "./draft";
import type { FlowEdge, FlowGraph, FlowNode } from "./graph";

export type Change = "added" | "removed" | "changed";

export interface Differences {
  /** by the step's id */
  nodes: ReadonlyMap<string, Change>;
  /** by `wayOf` the edge; one that leads elsewhere now is removed there and added here */
  edges: ReadonlyMap<string, "added" | "removed">;
}

export interface FieldChange {
  field: string;
  before: unknown;
  after: unknown;
}

export function wayOf({ from, exit, to }: FlowEdge): string {
  return JSON.stringify([from, exit, to]);
}

export function differencesOf(before: FlowGraph, after: FlowGraph): Differences {
  const nodes = new Map<string, Change>();
  const old = new Map(before.nodes.map((node) => [node.id, node]));
  for (const node of after.nodes) {
    const was = old.get(node.id);
    if (!was) nodes.set(node.id, "added");
    else if (was.kind !== node.kind || !isSameGraph(was.config, node.config)) nodes.set(node.id, "changed");
    old.delete(node.id);
  }
  for (const id of old.keys()) nodes.set(id, "removed");
  const edges = new Map<string, "added" | "removed">();
  const ways = new Set(before.edges.map(wayOf));
  for (const way of after.edges.map(wayOf)) if (!ways.delete(way)) edges.set(way, "added");
  for (const way of ways) edges.set(way, "removed");
  return { nodes, edges };
}

/** The fields that two states of a step say differently, by name. */
export function fieldChanges(before: FlowNode, after: FlowNode): FieldChange[] {
  const names = [...new Set([...Object.keys(before.config), ...Object.keys(after.config)])].sort();
  return names
    .filter((name) => !isSameGraph(before.config[name], after.config[name]))
    .map((field) => ({ field, before: before.config[field], after: after.config[field] }));
}
