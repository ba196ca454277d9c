/** A flow's graph as the API has it, format 1. Pure: reading it. */
export interface FlowNode {
  id: string;
  kind: string;
  config: Record<string, unknown>;
  position?: { x: number; y: number };
}

export interface FlowEdge {
  from: string;
  exit: string;
  to: string;
}

/** Words that somebody pinned to the canvas. Callers never meet them. */
export interface FlowNote {
  id: string;
  text: string;
  position?: { x: number; y: number };
}

export interface FlowGraph {
  format: 1;
  start: string;
  nodes: FlowNode[];
  edges: FlowEdge[];
  notes?: FlowNote[];
}

export interface ShapeProblem {
  /** where in the document: "nodes[2].kind" */
  path: string;
  expected: "object" | "list" | "text" | "format";
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function findTextProblem(value: Record<string, unknown>, path: string, names: readonly string[]) {
  const bad = names.find((name) => typeof value[name] !== "string" || value[name] === "");
  return bad === undefined ? null : { path: `${path}.${bad}`, expected: "text" as const };
}

/** What keeps `value` from being a graph at all, or null. Holes are no matter here: the server proves those. */
export function findShapeProblem(value: unknown): ShapeProblem | null {
  if (!isObject(value)) return { path: "{}", expected: "object" };
  if (value.format !== 1) return { path: "format", expected: "format" };
  if (typeof value.start !== "string") return { path: "start", expected: "text" };
  for (const list of ["nodes", "edges"] as const) {
    const items = value[list];
    if (!Array.isArray(items)) return { path: list, expected: "list" };
    for (const [index, item] of items.entries()) {
      const path = `${list}[${index}]`;
      if (!isObject(item)) return { path, expected: "object" };
      const problem = findTextProblem(item, path, list === "nodes" ? ["id", "kind"] : ["from", "exit", "to"]);
      if (problem) return problem;
      if (list === "nodes" && item.config !== undefined && !isObject(item.config))
        return { path: `${path}.config`, expected: "object" };
    }
  }
  return findNoteProblem(value.notes);
}

function findNoteProblem(notes: unknown): ShapeProblem | null {
  if (notes === undefined) return null;
  if (!Array.isArray(notes)) return { path: "notes", expected: "list" };
  for (const [index, note] of notes.entries()) {
    const path = `notes[${index}]`;
    if (!isObject(note)) return { path, expected: "object" };
    if (typeof note.text !== "string") return { path: `${path}.text`, expected: "text" };
    const problem = findTextProblem(note, path, ["id"]);
    if (problem) return problem;
  }
  return null;
}

/** The graph of a document that has the shape of one, else null. */
export function toGraph(value: unknown): FlowGraph | null {
  if (findShapeProblem(value) !== null) return null;
  const graph = value as FlowGraph;
  return { ...graph, nodes: graph.nodes.map((node) => ({ ...node, config: node.config ?? {} })) };
}
