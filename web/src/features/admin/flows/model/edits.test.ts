import { expect, test } from "vitest";
import { changeStep, exitsNow, newTarget, removeStep } from "./edits";
import type { FlowGraph } from "./graph";
import { KINDS } from "./kinds.fixture";

const GRAPH: FlowGraph = {
  format: 1,
  start: "start",
  nodes: [
    { id: "start", kind: "start", config: {} },
    { id: "welcome", kind: "play", config: { prompt: { key: "welcome" } }, position: { x: 320, y: 80 } },
    { id: "menu", kind: "menu", config: { prompt: { key: "menu" }, keys: { 1: "a", 2: "b" } } },
    { id: "bye", kind: "hang_up", config: {} },
  ],
  edges: [
    { from: "start", exit: "next", to: "welcome" },
    { from: "welcome", exit: "next", to: "menu" },
    { from: "menu", exit: "1", to: "bye" },
    { from: "menu", exit: "no_key", to: "bye" },
  ],
};
const menu = () => GRAPH.nodes[2] as FlowGraph["nodes"][number];

test("exits are told with where they lead, open ones too", () => {
  expect(exitsNow(GRAPH, KINDS, menu())).toEqual({ 1: "bye", 2: null, no_key: "bye", wrong_key: null });
});

test("a key that is taken away takes its exit along, a new one leads where it is told", () => {
  const changed = changeStep(GRAPH, KINDS, "menu", {
    config: { prompt: { key: "menu" }, keys: { 1: "a", 3: "c" } },
    exits: { 1: "bye", 2: "bye", 3: newTarget("play"), no_key: null },
  });
  expect(changed.edges.filter(({ from }) => from === "menu")).toEqual([
    { from: "menu", exit: "1", to: "bye" },
    { from: "menu", exit: "3", to: "play" },
  ]);
  expect(changed.nodes.at(-1)).toMatchObject({ id: "play", kind: "play", config: {} });
  expect(GRAPH.nodes).toHaveLength(4);
});

test("a step with one way on is taken out of the way, one with several leaves its ways in open", () => {
  const without = removeStep(GRAPH, "welcome");
  expect(without.edges[0]).toEqual({ from: "start", exit: "next", to: "menu" });
  expect(removeStep(GRAPH, "menu").edges).toEqual([{ from: "start", exit: "next", to: "welcome" }]);
});

test("a step that is put in between leads on, and takes a name that is free", () => {
  const welcome = { config: { prompt: { key: "welcome" } }, exits: { next: newTarget("play") } };
  const graph = changeStep(changeStep(GRAPH, KINDS, "welcome", welcome), KINDS, "welcome", welcome);
  expect(graph.edges).toContainEqual({ from: "welcome", exit: "next", to: "play_2" });
  expect(graph.edges).toContainEqual({ from: "play_2", exit: "next", to: "play" });
  expect(graph.edges).toContainEqual({ from: "play", exit: "next", to: "menu" });
});
