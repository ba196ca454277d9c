/** Changing a flow's graph, one edit at a time; each returns a new graph, or the very same where nothing changes. Pure. */
import type { FlowGraph, FlowNode, FlowNote } from "./graph";
import { exitsOf, type Kinds } from "./kinds";
import { freePlace, heightOf, type Point, placeAfter, placesOf, roomBefore } from "./placing";

export type Exits = Readonly<Record<string, string | null>>;
/** A target that does not stand yet: a new step of this kind. */
const NEW = "new:";

export function newTarget(kind: string): string {
  return `${NEW}${kind}`;
}

/** A name that is free: the kind itself, or with a number. */
export function freeId(taken: ReadonlySet<string>, kind: string): string {
  if (!taken.has(kind)) return kind;
  for (let number = 2; ; number++) if (!taken.has(`${kind}_${number}`)) return `${kind}_${number}`;
}

function idsOf(things: readonly { id: string }[]): Set<string> {
  return new Set(things.map(({ id }) => id));
}

/** Where each exit of a node leads, null for nowhere. */
export function exitsNow(graph: FlowGraph, kinds: Kinds, node: FlowNode): Exits {
  const targets = new Map(
    graph.edges.flatMap(({ from, exit, to }) => (from === node.id ? [[exit, to]] : [])),
  );
  return Object.fromEntries(exitsOf(node, kinds, graph).map((exit) => [exit, targets.get(exit) ?? null]));
}

/** The exit by which a new step of this kind leads on to what came before it. One whose exits are told by its
 * configuration has none yet: those that every such step has tell of failures. */
function onwardExit(graph: FlowGraph, kinds: Kinds, node: FlowNode): string | undefined {
  return kinds.get(node.kind)?.exits_by ? undefined : exitsOf(node, kinds, graph)[0];
}

/** Let a node be told `config`, and lead where `exits` say. A new target is made, empty, and leads on to where that way
 * led before. */
export function changeStep(
  graph: FlowGraph,
  kinds: Kinds,
  id: string,
  change: { config: Record<string, unknown>; exits: Exits },
): FlowGraph {
  const before = graph.nodes.find((each) => each.id === id);
  if (!before) return graph;
  const led = exitsNow(graph, kinds, before);
  const node = { ...before, config: change.config };
  let changed: FlowGraph = {
    ...graph,
    nodes: graph.nodes.map((each) => (each.id === id ? node : each)),
    edges: graph.edges.filter(({ from }) => from !== id),
  };
  for (const exit of exitsOf(node, kinds, changed)) {
    const wanted = change.exits[exit] ?? null;
    if (wanted === null) continue;
    if (!wanted.startsWith(NEW)) {
      if (!changed.nodes.some((each) => each.id === wanted)) continue;
      changed = { ...changed, edges: [...changed.edges, { from: id, exit, to: wanted }] };
      continue;
    }
    const made = makeStep(changed, kinds, wanted.slice(NEW.length), placeAfter(graph, id));
    changed = lead(made.graph, kinds, { from: id, exit, by: made.id, to: led[exit] ?? null });
  }
  return changed;
}

/** Let an exit lead to the step `by`, and that one on to `to`. */
function lead(
  graph: FlowGraph,
  kinds: Kinds,
  { from, exit, by, to }: { from: string; exit: string; by: string; to: string | null },
): FlowGraph {
  const node = graph.nodes.find(({ id }) => id === by);
  const onward = node && onwardExit(graph, kinds, node);
  const edges = graph.edges.filter((edge) => edge.from !== from || edge.exit !== exit);
  const isFree = !edges.some((edge) => edge.from === by && edge.exit === onward);
  const on =
    onward !== undefined && to !== null && to !== by && isFree ? [{ from: by, exit: onward, to }] : [];
  return { ...graph, edges: [...edges, { from, exit, to: by }, ...on] };
}

/** A new step that nothing leads to yet, where it covers no other. */
export function makeStep(
  graph: FlowGraph,
  kinds: Kinds,
  kind: string,
  wanted: Point,
): { graph: FlowGraph; id: string } {
  const id = freeId(idsOf(graph.nodes), kind);
  const node: FlowNode = { id, kind, config: {} };
  const position = freePlace(graph, kinds, wanted, heightOf(node, kinds, graph));
  return { id, graph: { ...graph, nodes: [...graph.nodes, { ...node, position }] } };
}

export interface Way {
  from: string;
  exit: string;
}

/** A new step on a way that leads somewhere: it stands between from then on. */
export function insertStep(
  graph: FlowGraph,
  kinds: Kinds,
  kind: string,
  way: Way,
  wanted: Point,
): { graph: FlowGraph; id: string } {
  const place = { x: Math.max(wanted.x, placeAfter(graph, way.from).x), y: wanted.y };
  const made = makeStep(makeRoom(graph, way, place), kinds, kind, place);
  return { id: made.id, graph: putOnWay(made.graph, kinds, made.id, way) };
}

/** What a way leads to goes aside, with all that follows it, where a step at `wanted` would stand too close before it. */
function makeRoom(graph: FlowGraph, { from, exit }: Way, wanted: Point): FlowGraph {
  const places = placesOf(graph);
  const target = graph.edges.find((edge) => edge.from === from && edge.exit === exit)?.to ?? "";
  const place = places.get(target);
  const by = place ? roomBefore(place.x, wanted.x) : 0;
  if (!place || by <= 0) return graph;
  const following = new Set([target]);
  for (const id of following)
    for (const edge of graph.edges) if (edge.from === id && edge.to !== from) following.add(edge.to);
  const moved = [...following].flatMap((id): [string, Point][] => {
    const at = places.get(id);
    return at && id !== graph.start && at.x >= place.x ? [[id, { x: at.x + by, y: at.y }]] : [];
  });
  return moveSteps(graph, new Map(moved));
}

/** Let a step that stands be on a way: the way leads to it, and it on to where the way led. */
export function putOnWay(graph: FlowGraph, kinds: Kinds, id: string, { from, exit }: Way): FlowGraph {
  const to = graph.edges.find((edge) => edge.from === from && edge.exit === exit)?.to ?? null;
  if (from === id || to === id) return graph;
  return lead(graph, kinds, { from, exit, by: id, to });
}

/** A new step that follows `after`: by its first exit that is open, else between it and what its only exit leads to. */
export function followWith(
  graph: FlowGraph,
  kinds: Kinds,
  kind: string,
  after: string,
): { graph: FlowGraph; id: string } {
  const node = graph.nodes.find(({ id }) => id === after);
  const wanted = placeAfter(graph, after);
  if (!node) return makeStep(graph, kinds, kind, wanted);
  const exits = Object.entries(exitsNow(graph, kinds, node));
  const exit = exits.find(([, to]) => to === null)?.[0] ?? (exits.length === 1 ? exits[0]?.[0] : undefined);
  return exit === undefined
    ? makeStep(graph, kinds, kind, wanted)
    : insertStep(graph, kinds, kind, { from: after, exit }, wanted);
}

/** Let an exit lead to a step, wherever it led before. Nothing leads to the start. */
export function connect(graph: FlowGraph, { from, exit }: Way, to: string): FlowGraph {
  const known = idsOf(graph.nodes);
  if (to === graph.start || !known.has(from) || !known.has(to)) return graph;
  const before = graph.edges.find((edge) => edge.from === from && edge.exit === exit);
  if (before?.to === to) return graph;
  const edges = graph.edges.filter((edge) => edge !== before);
  return { ...graph, edges: [...edges, { from, exit, to }] };
}

/** Let exits lead nowhere. */
export function disconnect(graph: FlowGraph, ways: readonly Way[]): FlowGraph {
  const edges = graph.edges.filter(
    (edge) => !ways.some(({ from, exit }) => edge.from === from && edge.exit === exit),
  );
  return edges.length === graph.edges.length ? graph : { ...graph, edges };
}

/** Take a node out. Where it had one way on, whoever led to it leads there now; else those exits are open. The start
 * stays. */
export function removeStep(graph: FlowGraph, id: string): FlowGraph {
  if (id === graph.start || !graph.nodes.some((node) => node.id === id)) return graph;
  const onward = graph.edges.filter(({ from, to }) => from === id && to !== id);
  const next = onward.length === 1 ? onward[0]?.to : undefined;
  const edges = graph.edges
    .filter(({ from }) => from !== id)
    .flatMap((edge) => (edge.to !== id ? [edge] : next === undefined ? [] : [{ ...edge, to: next }]));
  return { ...graph, nodes: graph.nodes.filter((node) => node.id !== id), edges };
}

export function removeSteps(graph: FlowGraph, ids: Iterable<string>): FlowGraph {
  return [...ids].reduce(removeStep, graph);
}

/** Let steps, or notes, stand elsewhere; those that are not named stay. */
export function moveSteps(graph: FlowGraph, to: ReadonlyMap<string, Point>): FlowGraph {
  const places = placesOf(graph);
  const isMoved = [...to].some(([id, { x, y }]) => places.has(id) && !isAt(places.get(id), { x, y }));
  if (!isMoved) return graph;
  return { ...graph, nodes: graph.nodes.map((node) => placed(node, to)) };
}

export function moveNotes(graph: FlowGraph, to: ReadonlyMap<string, Point>): FlowGraph {
  const { notes } = graph;
  if (!notes?.some(({ id, position }) => to.has(id) && !isAt(position, to.get(id)))) return graph;
  return { ...graph, notes: notes.map((note) => placed(note, to)) };
}

function isAt(one: Point | undefined, other: Point | undefined): boolean {
  return one?.x === other?.x && one?.y === other?.y;
}

function placed<Thing extends { id: string; position?: Point }>(
  thing: Thing,
  to: ReadonlyMap<string, Point>,
): Thing {
  const position = to.get(thing.id);
  return position ? { ...thing, position } : thing;
}

export function addNote(graph: FlowGraph, text: string, position: Point): { graph: FlowGraph; id: string } {
  const notes: FlowNote[] = graph.notes ?? [];
  const id = freeId(idsOf(notes), "note");
  return { id, graph: { ...graph, notes: [...notes, { id, text, position }] } };
}

export function changeNote(graph: FlowGraph, id: string, text: string): FlowGraph {
  if (!graph.notes?.some((note) => note.id === id && note.text !== text)) return graph;
  return { ...graph, notes: graph.notes.map((note) => (note.id === id ? { ...note, text } : note)) };
}

export function removeNotes(graph: FlowGraph, ids: ReadonlySet<string>): FlowGraph {
  if (!graph.notes?.some(({ id }) => ids.has(id))) return graph;
  return { ...graph, notes: graph.notes.filter(({ id }) => !ids.has(id)) };
}
