/** A flow's graph as the library draws it: nodes with their sizes and handles known beforehand, so that only what is seen
 * needs to be rendered. Pure. */
import { type Edge, type Node, type NodeHandle, Position } from "@xyflow/react";
import type { FlowGraph, FlowNode, FlowNote } from "../model/graph";
import { lookOf } from "../model/kind-looks";
import type { Kinds } from "../model/kinds";
import {
  EXIT_HEIGHT,
  exitLines,
  HEAD_HEIGHT,
  heightOf,
  NOTE_HEIGHT,
  NOTE_WIDTH,
  type Point,
  placesOf,
  STEP_WIDTH,
} from "../model/placing";
import { type Mark, type Marks, wayId } from "./marks";

export const HANDLE = 12;
const NOTE = "note:";

export interface StepData extends Record<string, unknown> {
  step: FlowNode;
  /** the exits that have a line each; none where there is but one way on */
  lines: readonly string[];
  hasOnward: boolean;
  isStart: boolean;
  /** exits that lead nowhere, joined */
  open: string;
  mark: Mark | undefined;
}

export interface NoteData extends Record<string, unknown> {
  note: FlowNote;
}

export type StepNode = Node<StepData, "step">;
export type NoteNode = Node<NoteData, "note">;
export type CanvasNode = StepNode | NoteNode;
export type WayEdge = Edge<{ mark: Mark | undefined; isOver: boolean }, "way">;

export function noteNodeId(id: string): string {
  return `${NOTE}${id}`;
}

/** The id of the note that a node of the library stands for, null for a step. */
export function noteOf(id: string): string | null {
  return id.startsWith(NOTE) ? id.slice(NOTE.length) : null;
}

interface Shown {
  selected: ReadonlySet<string>;
  /** where nodes are while they are dragged */
  moving: ReadonlyMap<string, Point>;
  marks: Marks;
}

/** The nodes as the graph has them; that is the dear part, and changes with the graph alone. */
export function toShapes(graph: FlowGraph, kinds: Kinds): CanvasNode[] {
  const led = new Set(graph.edges.map(({ from, exit }) => wayId(from, exit)));
  const places = placesOf(graph);
  const steps = graph.nodes.map((step): CanvasNode => {
    const exits = exitLines(step, kinds, graph);
    const hasOnward = exits.length === 0 && (kinds.get(step.kind)?.exits.length ?? 0) === 1;
    const all = hasOnward ? ["next"] : exits;
    const data: StepData = {
      step,
      lines: exits,
      hasOnward,
      isStart: step.id === graph.start,
      open: all.filter((exit) => !led.has(wayId(step.id, exit))).join("\n"),
      mark: undefined,
    };
    return {
      id: step.id,
      type: "step",
      data,
      position: places.get(step.id) ?? { x: 0, y: 0 },
      selected: false,
      deletable: false,
      ...boxed(STEP_WIDTH, heightOf(step, kinds, graph)),
      handles: handlesOf(data),
    };
  });
  const notes = (graph.notes ?? []).map(
    (note): CanvasNode => ({
      id: noteNodeId(note.id),
      type: "note",
      data: { note },
      position: note.position ?? { x: 0, y: 0 },
      selected: false,
      deletable: false,
      ...boxed(NOTE_WIDTH, NOTE_HEIGHT),
      handles: [],
    }),
  );
  return [...notes, ...steps];
}

/** The shapes as they are looked at. Nodes are the same objects as `before` where nothing about them changed. */
export function toNodes(
  shapes: readonly CanvasNode[],
  { selected, moving, marks }: Shown,
  before: ReadonlyMap<string, CanvasNode>,
): CanvasNode[] {
  return shapes.map((shape) => {
    const { id } = shape;
    const mark = shape.type === "step" ? marks.nodes.get(id) : undefined;
    const place = moving.get(id);
    const isSelected = selected.has(id);
    const isPlain = !isSelected && mark === undefined && place === undefined;
    const old = before.get(id);
    if (isPlain && (old === undefined || old === shape)) return shape;
    const position = place ?? shape.position;
    if (shape.type === "note") return kept(old, { ...shape, selected: isSelected, position });
    return kept(old, { ...shape, selected: isSelected, position, data: { ...shape.data, mark } });
  });
}

function boxed(width: number, height: number) {
  return { width, height, measured: { width, height } };
}

function handlesOf({ lines, hasOnward, isStart }: StepData): NodeHandle[] {
  const size = { width: HANDLE, height: HANDLE };
  const at = (x: number, y: number) => ({ x: x - HANDLE / 2, y: y - HANDLE / 2, ...size });
  const into: NodeHandle[] = isStart
    ? []
    : [{ id: null, type: "target", position: Position.Left, ...at(0, HEAD_HEIGHT / 2) }];
  const out = (id: string, y: number): NodeHandle => ({
    id,
    type: "source",
    position: Position.Right,
    ...at(STEP_WIDTH, y),
  });
  if (hasOnward) return [...into, out("next", HEAD_HEIGHT / 2)];
  return [...into, ...lines.map((exit, line) => out(exit, HEAD_HEIGHT + EXIT_HEIGHT * (line + 0.5)))];
}

/** `before` where it is what `now` is. */
function kept(before: CanvasNode | undefined, now: CanvasNode): CanvasNode {
  if (
    before?.type !== now.type ||
    before.selected !== now.selected ||
    before.height !== now.height ||
    before.position.x !== now.position.x ||
    before.position.y !== now.position.y
  )
    return now;
  const names = Object.keys(now.data);
  const isSame = names.every((name) => isAlike(before.data[name], now.data[name]));
  return isSame ? before : now;
}

function isAlike(one: unknown, other: unknown): boolean {
  if (Array.isArray(one) && Array.isArray(other))
    return one.length === other.length && one.every((each, at) => each === other[at]);
  return one === other;
}

/** The ways, drawn only between steps that stand, from exits that are there. `shapes`: the steps. */
export function toWays(graph: FlowGraph, shapes: readonly CanvasNode[]): WayEdge[] {
  const exits = new Map(shapes.map(({ id, handles }) => [id, new Set(handles?.map((handle) => handle.id))]));
  return graph.edges.flatMap(({ from, exit, to }): WayEdge[] => {
    if (!exits.get(from)?.has(exit) || !exits.get(to)?.has(null)) return [];
    return [
      {
        id: wayId(from, exit),
        type: "way",
        domAttributes: { "aria-hidden": true }, // each step tells where it leads
        source: from,
        sourceHandle: exit,
        target: to,
        selected: false,
        deletable: false,
        data: { mark: undefined, isOver: false },
      },
    ];
  });
}

/** The ways as they are looked at: the same objects, and the same list, where nothing is to be seen of them. `over`: the
 * way something is held over. */
export function toEdges(
  ways: WayEdge[],
  { selected, marks, over }: { selected: ReadonlySet<string>; marks: Marks; over: string | null },
): WayEdge[] {
  let isPlain = true;
  const seen = ways.map((way) => {
    const mark = marks.ways.get(way.id);
    const isOver = over === way.id;
    const isSelected = selected.has(way.id);
    if (mark === undefined && !isOver && !isSelected) return way;
    isPlain = false;
    return { ...way, selected: isSelected, data: { mark, isOver } };
  });
  return isPlain ? ways : seen;
}

/** A node's colour where all is seen small. */
export function colourOf(node: Node): string {
  const drawn = node as CanvasNode;
  return drawn.type === "note" ? "var(--acw-soft)" : `var(--${lookOf(drawn.data.step.kind).tone})`;
}
