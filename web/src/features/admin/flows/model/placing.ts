/** Where steps stand on the canvas, and how large they are. Pure; what is drawn holds to these sizes. */
import type { FlowGraph, FlowNode } from "./graph";
import { exitsOf, type Kinds } from "./kinds";

export interface Point {
  x: number;
  y: number;
}

export const STEP_WIDTH = 248;
export const HEAD_HEIGHT = 58;
export const EXIT_HEIGHT = 26;
const FOOT_HEIGHT = 6;
export const NOTE_WIDTH = 220;
export const NOTE_HEIGHT = 96;
const GAP = { x: 100, y: 40 };
const GRID = 20;

/** The exits that have a line of their own. One way on that needs no words leaves at the head. */
export function exitLines(node: FlowNode, kinds: Kinds, graph: FlowGraph): string[] {
  const exits = exitsOf(node, kinds, graph);
  return exits.length === 1 && exits[0] === "next" ? [] : exits;
}

export function heightOf(node: FlowNode, kinds: Kinds, graph: FlowGraph): number {
  const lines = exitLines(node, kinds, graph).length;
  return HEAD_HEIGHT + (lines > 0 ? lines * EXIT_HEIGHT + FOOT_HEIGHT : 0);
}

/** Every step's place: its own, or for one that has none a place in its column by how far it is from the start. */
export function placesOf(graph: FlowGraph): Map<string, Point> {
  const places = new Map<string, Point>();
  for (const { id, position } of graph.nodes)
    if (typeof position?.x === "number" && typeof position.y === "number") places.set(id, position);
  if (places.size === graph.nodes.length) return places;
  const depths = depthsOf(graph);
  const last = Math.max(0, ...depths.values());
  const rows = new Map<number, number>();
  for (const { id } of graph.nodes) {
    if (places.has(id)) continue;
    const column = depths.get(id) ?? last + 1;
    const row = rows.get(column) ?? 0;
    rows.set(column, row + 1);
    places.set(id, { x: 80 + column * (STEP_WIDTH + GAP.x), y: 80 + row * 200 });
  }
  return places;
}

/** How many steps from the start each is that can be reached. */
export function depthsOf(graph: FlowGraph): Map<string, number> {
  const targets = new Map<string, string[]>();
  for (const { from, to } of graph.edges) targets.set(from, [...(targets.get(from) ?? []), to]);
  const depths = new Map([[graph.start, 0]]);
  for (const [id, depth] of depths)
    for (const to of targets.get(id) ?? []) if (!depths.has(to)) depths.set(to, depth + 1);
  return depths;
}

/** The graph with its steps apart: places that were told for smaller steps, so that some cover others, are stretched. */
export function spread(graph: FlowGraph): FlowGraph {
  const places = [...placesOf(graph).values()];
  const isCovered = places.some((one, at) =>
    places
      .slice(at + 1)
      .some(
        (other) => Math.abs(one.x - other.x) < STEP_WIDTH + GRID && Math.abs(one.y - other.y) < HEAD_HEIGHT,
      ),
  );
  if (!isCovered) return graph;
  const stretched = (thing: { position?: Point }) =>
    thing.position && { position: { x: toGrid(thing.position.x * 1.5), y: toGrid(thing.position.y * 1.4) } };
  return {
    ...graph,
    nodes: graph.nodes.map((node) => ({ ...node, ...stretched(node) })),
    ...(graph.notes && { notes: graph.notes.map((note) => ({ ...note, ...stretched(note) })) }),
  };
}

/** The place nearest below `wanted` where a step of this height covers no other. */
export function freePlace(graph: FlowGraph, kinds: Kinds, wanted: Point, height: number): Point {
  const places = placesOf(graph);
  const taken = graph.nodes.flatMap((node) => {
    const place = places.get(node.id);
    return place ? [{ ...place, height: heightOf(node, kinds, graph) }] : [];
  });
  const place = { x: toGrid(wanted.x), y: toGrid(wanted.y) };
  for (;;) {
    const { x, y } = place;
    const inTheWay = taken.find(
      (each) =>
        Math.abs(each.x - x) < STEP_WIDTH + GRID &&
        each.y < y + height + GRID &&
        y < each.y + each.height + GRID,
    );
    if (!inTheWay) return place;
    place.y = toGrid(inTheWay.y + inTheWay.height + GAP.y);
  }
}

/** Right of a step, where what follows it belongs. */
export function placeAfter(graph: FlowGraph, id: string): Point {
  const place = placesOf(graph).get(id) ?? { x: 80, y: 80 };
  return { x: place.x + STEP_WIDTH + GAP.x, y: place.y };
}

/** How far a step at `x` has to go aside for one at `wanted` before it; nothing where it stands back or far enough. */
export function roomBefore(x: number, wanted: number): number {
  return x < wanted - STEP_WIDTH ? 0 : wanted + STEP_WIDTH + GAP.x - x;
}

export function toGrid(value: number): number {
  return Math.round(value / GRID) * GRID;
}
