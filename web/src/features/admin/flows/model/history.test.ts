import { expect, test } from "vitest";
import { paste, readPiece, toPiece, writePiece } from "./clipboard";
import * as edits from "./edits";
import { type FlowGraph, findShapeProblem } from "./graph";
import { begin, type Command, type History, perform, redo, undo } from "./history";
import { exitsOf } from "./kinds";
import { KINDS } from "./kinds.fixture";
import { placesOf } from "./placing";

const START: FlowGraph = {
  format: 1,
  start: "start",
  nodes: [
    { id: "start", kind: "start", config: {} },
    { id: "bye", kind: "hang_up", config: {}, position: { x: 400, y: 80 } },
  ],
  edges: [{ from: "start", exit: "next", to: "bye" }],
};

/** Numbers that look like chance and are the same at every run. */
function dice(seed: number): (sides: number) => number {
  let state = seed;
  return (sides) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * sides);
  };
}

/** Any command that the page may give, on what there is. */
function anyCommand(graph: FlowGraph, roll: (sides: number) => number): Command {
  const pick = <Thing>(things: readonly Thing[]): Thing => things[roll(things.length)] as Thing;
  const kind = pick([...KINDS.keys()].filter((each) => each !== "start"));
  const node = pick(graph.nodes);
  const edge = graph.edges.length > 0 ? pick(graph.edges) : { from: "start", exit: "next" };
  const exit = pick([...exitsOf(node, KINDS, graph), "next"]);
  const at = { x: roll(800), y: roll(800) };
  const notes = new Set((graph.notes ?? []).map(({ id }) => id));
  const runs: (() => FlowGraph)[] = [
    () => edits.makeStep(graph, KINDS, kind, at).graph,
    () => edits.insertStep(graph, KINDS, kind, edge, at).graph,
    () => edits.followWith(graph, KINDS, kind, node.id).graph,
    () => edits.putOnWay(graph, KINDS, node.id, edge),
    () => edits.connect(graph, { from: node.id, exit }, pick(graph.nodes).id),
    () => edits.disconnect(graph, [edge]),
    () => edits.removeSteps(graph, [node.id, pick(graph.nodes).id]),
    () => edits.moveSteps(graph, new Map([[node.id, at]])),
    () => edits.addNote(graph, "n", at).graph,
    () => edits.moveNotes(graph, new Map([...notes].map((id) => [id, at]))),
    () => edits.changeNote(graph, "note", `text ${roll(9)}`),
    () => edits.removeNotes(graph, new Set([...notes].slice(0, 1))),
    () =>
      edits.changeStep(graph, KINDS, node.id, {
        config: node.kind === "menu" ? { keys: { [String(roll(10))]: "x" } } : { prompt: { key: "p" } },
        exits: { next: edits.newTarget(kind), closed: node.id, 1: "bye" },
      }),
    () =>
      paste(graph, toPiece(graph, new Set([node.id, pick(graph.nodes).id]), notes), roll(2) ? at : null)
        .graph,
  ];
  const run = pick(runs);
  return { name: "any", run: () => run(), ...(roll(4) === 0 && { merge: "walk" }) };
}

test("whatever is done can be undone to the very draft and done again, and every draft is a graph", () => {
  for (let seed = 1; seed <= 60; seed++) {
    const roll = dice(seed);
    let history: History = begin(START);
    for (let n = 0; n < 40; n++) {
      history = perform(history, anyCommand(history.present, roll));
      if (roll(6) === 0) history = undo(history);
      if (roll(6) === 0) history = redo(history);
      const { present } = history;
      expect(findShapeProblem(present)).toBeNull();
      const ids = present.nodes.map(({ id }) => id);
      expect(new Set(ids).size).toBe(ids.length);
      expect(present.edges.every(({ from, to }) => ids.includes(from) && ids.includes(to))).toBe(true);
      const ways = present.edges.map(({ from, exit }) => `${from}\n${exit}`);
      expect(new Set(ways).size).toBe(ways.length);
    }
    const last = history.present;
    const text = JSON.stringify(last);
    const deeds = history.past.length;
    while (history.past.length > 0) history = undo(history);
    expect(history.present).toBe(START);
    for (let n = 0; n < deeds; n++) history = redo(history);
    expect(history.present).toBe(last);
    expect(JSON.stringify(history.present)).toBe(text);
  }
});

test("what changes nothing leaves no trace, and commands of one kind in a row are undone as one", () => {
  const nothing = perform(begin(START), { name: "nothing", run: (graph) => graph });
  expect(nothing.past).toEqual([]);
  let history = begin(START);
  for (const x of [1, 2, 3])
    history = perform(history, {
      name: "move",
      merge: "bye",
      run: (graph) => edits.moveSteps(graph, new Map([["bye", { x, y: 0 }]])),
    });
  expect(undo(history).present).toBe(START);
});

test("a step that is put on a way stands between", () => {
  const { graph, id } = edits.insertStep(
    START,
    KINDS,
    "play",
    { from: "start", exit: "next" },
    { x: 0, y: 0 },
  );
  expect(graph.edges).toEqual([
    { from: "start", exit: "next", to: id },
    { from: id, exit: "next", to: "bye" },
  ]);
  expect(edits.removeStep(graph, id).edges).toEqual(START.edges);
  const [start, bye, play] = graph.nodes.map(({ id: each }) => placesOf(graph).get(each)?.x ?? 0);
  expect([start, play, bye]).toEqual([80, 420, 776]);
});

test("a step that follows another takes its first open exit, and covers no other step", () => {
  const queue = edits.followWith(START, KINDS, "queue", "start");
  const play = edits.followWith(queue.graph, KINDS, "play", queue.id);
  expect(play.graph.edges).toContainEqual({ from: "queue", exit: "overflow", to: play.id });
  const places = play.graph.nodes.map(({ position }) => JSON.stringify(position));
  expect(new Set(places).size).toBe(places.length);
});

test("steps go from flow to flow by text, under names that are free, and what is no step is refused", () => {
  const piece = readPiece(writePiece(toPiece(START, new Set(["start", "bye"]), new Set())), KINDS);
  if (typeof piece === "string") throw new Error(piece);
  const { graph, ids } = paste(START, piece, { x: 7, y: 9 });
  expect(ids).toEqual(["hang_up"]);
  expect(graph.nodes.at(-1)).toEqual({
    id: "hang_up",
    kind: "hang_up",
    config: {},
    position: { x: 7, y: 9 },
  });
  expect(graph.edges).toEqual(START.edges);
  const odd = { nodes: [{ id: "a", kind: "teleport", config: {} }], edges: [], notes: [] };
  expect(readPiece(writePiece(odd), KINDS)).toBe("unknown_kind");
  for (const text of ["", "hello", "[]", '{"kind":"zhiyin-flow-steps","format":1}', JSON.stringify(START)])
    expect(readPiece(text, KINDS)).toBe("not_steps");
  expect(readPiece(writePiece(toPiece(START, new Set(["start"]), new Set())), KINDS)).toBe("only_start");
});
