/** Steps on the clipboard, as JSON that any flow of any company may be given. Pure. */
import { freeId } from "./edits";
import { type FlowEdge, type FlowGraph, type FlowNode, type FlowNote, findShapeProblem } from "./graph";
import type { Kinds } from "./kinds";
import { type Point, placesOf } from "./placing";

const MARK = "zhiyin-flow-steps";
const MOST_STEPS = 1000;

/** Some steps with the ways between them. */
export interface Piece {
  nodes: FlowNode[];
  edges: FlowEdge[];
  notes: FlowNote[];
}

export type Refusal = "not_steps" | "unknown_kind" | "too_many" | "only_start";

export function toPiece(graph: FlowGraph, ids: ReadonlySet<string>, notes: ReadonlySet<string>): Piece {
  const places = placesOf(graph);
  return {
    nodes: graph.nodes
      .filter(({ id }) => ids.has(id))
      .map((node) => ({ ...node, position: places.get(node.id) ?? { x: 0, y: 0 } })),
    edges: graph.edges.filter(({ from, to }) => ids.has(from) && ids.has(to)),
    notes: (graph.notes ?? []).filter(({ id }) => notes.has(id)),
  };
}

export function writePiece(piece: Piece): string {
  return JSON.stringify({ kind: MARK, format: 1, ...piece });
}

/** What stands on the clipboard, or why it cannot be taken. */
export function readPiece(text: string, kinds: Kinds): Piece | Refusal {
  const value = parse(text);
  if (value?.kind !== MARK || value.format !== 1) return "not_steps";
  const { nodes, edges, notes = [] } = value;
  const graph = { format: 1, start: "", nodes, edges, notes };
  if (findShapeProblem(graph) !== null) return "not_steps";
  const piece = { nodes, edges, notes } as Piece;
  if (piece.nodes.length + piece.notes.length > MOST_STEPS) return "too_many";
  if (piece.nodes.some(({ kind }) => !kinds.has(kind))) return "unknown_kind";
  const ids = new Set(piece.nodes.filter(({ kind }) => kind !== "start").map(({ id }) => id));
  if (ids.size === 0 && piece.notes.length === 0) return "only_start";
  return {
    nodes: piece.nodes
      .filter(({ id }) => ids.has(id))
      .map((node) => ({ ...node, config: node.config ?? {}, position: pointOf(node.position) })),
    edges: piece.edges.filter(({ from, to }) => ids.has(from) && ids.has(to)),
    notes: piece.notes,
  };
}

function parse(text: string): Record<string, unknown> | null {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null && !Array.isArray(value)
      ? (value as Record<string, unknown>)
      : null;
  } catch {
    return null;
  }
}

function pointOf(position: unknown): Point {
  const { x, y } = (position ?? {}) as Partial<Point>;
  return { x: typeof x === "number" ? x : 0, y: typeof y === "number" ? y : 0 };
}

/** Put a piece into a graph under ids that are free there: its upper left corner at `at`, else a little beside where it
 * stood. Tells the new ids. */
export function paste(
  graph: FlowGraph,
  piece: Piece,
  at: Point | null,
): { graph: FlowGraph; ids: string[]; notes: string[] } {
  const points = [...piece.nodes, ...piece.notes].map(({ position }) => pointOf(position));
  const corner = { x: Math.min(...points.map(({ x }) => x)), y: Math.min(...points.map(({ y }) => y)) };
  const by = at ? { x: at.x - corner.x, y: at.y - corner.y } : { x: 40, y: 40 };
  const moved = (position: unknown) => {
    const { x, y } = pointOf(position);
    return { x: x + by.x, y: y + by.y };
  };
  const taken = new Set(graph.nodes.map(({ id }) => id));
  const names = new Map<string, string>();
  for (const { id, kind } of piece.nodes) {
    const name = taken.has(id) ? freeId(taken, kind) : id;
    taken.add(name);
    names.set(id, name);
  }
  const takenNotes = new Set((graph.notes ?? []).map(({ id }) => id));
  const notes = piece.notes.map((note) => {
    const id = freeId(takenNotes, "note");
    takenNotes.add(id);
    return { ...note, id, position: moved(note.position) };
  });
  const nameOf = (id: string) => names.get(id) ?? id;
  return {
    ids: [...names.values()],
    notes: notes.map(({ id }) => id),
    graph: {
      ...graph,
      nodes: [
        ...graph.nodes,
        ...piece.nodes.map((node) => ({ ...node, id: nameOf(node.id), position: moved(node.position) })),
      ],
      edges: [
        ...graph.edges,
        ...piece.edges.map((edge) => ({ ...edge, from: nameOf(edge.from), to: nameOf(edge.to) })),
      ],
      ...(notes.length > 0 && { notes: [...(graph.notes ?? []), ...notes] }),
    },
  };
}
