/** A flow's graph as the library draws it: nodes with their sizes and handles known beforehand, so that only what is seen
 * needs to be rendered. Pure. */
import { type Edge, type Node, type NodeHandle, Position } from "@xyflow/react";
import type { FlowGraph, FlowNode, FlowNote } from "../model/graph";
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

/** Nodes are the same objects as `before` where nothing about them changed. */
export function toNodes(
  graph: FlowGraph,
  kinds: Kinds,
  { selected, moving, marks }: Shown,
  before: ReadonlyMap<string, CanvasNode>,
): CanvasNode[] {
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
      mark: marks.nodes.get(step.id),
    };
    const place = moving.get(step.id) ?? places.get(step.id) ?? { x: 0, y: 0 };
    return kept(before.get(step.id), {
      id: step.id,
      type: "step",
      data,
      position: place,
      selected: selected.has(step.id),
      deletable: false,
      ...boxed(STEP_WIDTH, heightOf(step, kinds, graph)),
      handles: handlesOf(data),
    });
  });
  const notes = (graph.notes ?? []).map((note): CanvasNode => {
    const id = noteNodeId(note.id);
    return kept(before.get(id), {
      id,
      type: "note",
      data: { note },
      position: moving.get(id) ?? note.position ?? { x: 0, y: 0 },
      selected: selected.has(id),
      deletable: false,
      ...boxed(NOTE_WIDTH, NOTE_HEIGHT),
      handles: [],
    });
  });
  return [...notes, ...steps];
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

/** The ways, drawn only between steps that stand, from exits that are there. `over`: the way something is held over. */
export function toEdges(
  graph: FlowGraph,
  nodes: readonly CanvasNode[],
  { selected, marks, over }: { selected: ReadonlySet<string>; marks: Marks; over: string | null },
): WayEdge[] {
  const exits = new Map(nodes.map(({ id, handles }) => [id, new Set(handles?.map((handle) => handle.id))]));
  return graph.edges.flatMap(({ from, exit, to }): WayEdge[] => {
    if (!exits.get(from)?.has(exit) || !exits.get(to)?.has(null)) return [];
    const id = wayId(from, exit);
    return [
      {
        id,
        type: "way",
        domAttributes: { "aria-hidden": true }, // each step tells where it leads
        source: from,
        sourceHandle: exit,
        target: to,
        selected: selected.has(id),
        deletable: false,
        data: { mark: marks.ways.get(id), isOver: over === id },
      },
    ];
  });
}
