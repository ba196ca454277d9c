/** The draft as text: JSON that somebody edits, and what is wrong with it, told by line. Pure. */
import { type FlowGraph, findShapeProblem, type ShapeProblem, toGraph } from "./graph";

export type Draft =
  | { kind: "graph"; graph: FlowGraph }
  | { kind: "syntax"; line: number | null }
  | { kind: "shape"; problem: ShapeProblem };

/** A graph as one edits it: a node or an edge a line where it is short. */
export function toText(graph: unknown): string {
  if (typeof graph !== "object" || graph === null) return JSON.stringify(graph, null, 2);
  const { nodes, edges, ...rest } = graph as Record<string, unknown>;
  const lines = (items: unknown) =>
    Array.isArray(items) && items.length > 0
      ? `[\n${items.map((item) => `    ${JSON.stringify(item)}`).join(",\n")}\n  ]`
      : "[]";
  const head = Object.entries(rest).map(
    ([name, value]) => `  ${JSON.stringify(name)}: ${JSON.stringify(value)}`,
  );
  return `{\n${[...head, `  "nodes": ${lines(nodes)}`, `  "edges": ${lines(edges)}`].join(",\n")}\n}\n`;
}

/** Read what was typed. */
export function readDraft(text: string): Draft {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    return { kind: "syntax", line: lineOf(error, text) };
  }
  const problem = findShapeProblem(value);
  const graph = toGraph(value);
  if (problem || !graph) return { kind: "shape", problem: problem ?? { path: "{}", expected: "object" } };
  return { kind: "graph", graph };
}

/** Browsers tell the place of a syntax error in their own words: "line 5 column 3" or "position 123". */
function lineOf(error: unknown, text: string): number | null {
  const words = error instanceof Error ? error.message : "";
  const line = /line (\d+)/.exec(words)?.[1];
  if (line) return Number(line);
  const position = /position (\d+)/.exec(words)?.[1];
  if (position) return text.slice(0, Number(position)).split("\n").length;
  return /end of (JSON|data)|Unterminated/i.test(words) ? text.trimEnd().split("\n").length : null;
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
