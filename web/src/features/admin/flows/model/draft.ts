/** The draft as text: JSON that somebody edits, and what is wrong with it, told by line. Pure. */
import { type FlowGraph, findShapeProblem, type ShapeProblem, toGraph } from "./graph";
import { findSlip } from "./json-slip";

export type Draft =
  | { kind: "graph"; graph: FlowGraph }
  | { kind: "syntax"; line: number }
  | { kind: "shape"; problem: ShapeProblem };

/** A graph as one edits it: a node or an edge a line where it is short. */
export function toText(graph: unknown): string {
  if (typeof graph !== "object" || graph === null) return JSON.stringify(graph, null, 2);
  const { format, start, nodes, edges, ...rest } = graph as Record<string, unknown>;
  const lines = (items: unknown) =>
    Array.isArray(items) && items.length > 0
      ? `[\n${items.map((item) => `    ${JSON.stringify(item)}`).join(",\n")}\n  ]`
      : "[]";
  const head = Object.entries({ format, start, ...rest }).map(
    ([name, value]) => `  ${JSON.stringify(name)}: ${JSON.stringify(value)}`,
  );
  return `{\n${[...head, `  "nodes": ${lines(nodes)}`, `  "edges": ${lines(edges)}`].join(",\n")}\n}\n`;
}

/** Read what was typed. */
export function readDraft(text: string): Draft {
  const slip = findSlip(text);
  if (slip !== null) return { kind: "syntax", line: lineAt(text, slip) };
  const value: unknown = JSON.parse(text);
  const problem = findShapeProblem(value);
  const graph = toGraph(value);
  if (problem || !graph) return { kind: "shape", problem: problem ?? { path: "{}", expected: "object" } };
  return { kind: "graph", graph };
}

/** The line of a place, counted from 1; an end that comes too early is on the last line with anything on it. */
function lineAt(text: string, place: number): number {
  const before = text.slice(0, place);
  return (place === text.length ? before.trimEnd() : before).split("\n").length;
}

/** Where node `id` stands in `text`, to put the cursor there; null when it cannot be found. */
export function placeOfNode(text: string, id: string): { start: number; end: number } | null {
  const quoted = JSON.stringify(id).replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
  const match = new RegExp(`"id"\\s*:\\s*${quoted}`).exec(text);
  return match ? { start: match.index, end: match.index + match[0].length } : null;
}

/** Whether two graphs say the same; the order of members does not matter to JSON. */
export function isSameGraph(a: unknown, b: unknown): boolean {
  return canonical(a) === canonical(b);
}

function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join(",")}]`;
  if (typeof value !== "object" || value === null) return JSON.stringify(value) ?? "null";
  const members = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return `{${members.map(([name, member]) => `${JSON.stringify(name)}:${canonical(member)}`).join(",")}}`;
}
