import { describe, expect, it } from "vitest";
import type { FlowGraph } from "./graph";
import { BY_SHORTCUT, wordsOfExit } from "./kinds";
import { KINDS } from "./kinds.fixture";
import { numbersOf, type Sequence, toOutline } from "./outline";

const node = (id: string, kind: string, config: Record<string, unknown> = {}) => ({ id, kind, config });

const hotline: FlowGraph = {
  format: 1,
  start: "start",
  nodes: [
    node("sorry", "hang_up"),
    node("start", "start"),
    node("hours", "hours", { hours: 1 }),
    node("closed", "hang_up"),
    node("welcome", "play", { prompt: { key: "welcome" } }),
    node("menu", "menu", { prompt: { key: "main" }, keys: { "0": "重听", "2": "销售", "1": "售后" } }),
    node("q1", "queue", { queue: 1 }),
    node("q2", "queue", { queue: 2 }),
    node("lost", "play"),
  ],
  edges: [
    { from: "start", exit: "next", to: "hours" },
    { from: "hours", exit: "open", to: "welcome" },
    { from: "hours", exit: "closed", to: "closed" },
    { from: "welcome", exit: "next", to: "menu" },
    { from: "menu", exit: "1", to: "q1" },
    { from: "menu", exit: "2", to: "q2" },
    { from: "menu", exit: "0", to: "menu" },
    { from: "menu", exit: "no_key", to: "q1" },
    { from: "q1", exit: "closed", to: "sorry" },
    { from: "q1", exit: "overflow", to: "sorry" },
    { from: "q2", exit: "closed", to: "sorry" },
  ],
};

const idsOf = ({ steps }: Sequence) => steps.map(({ node: { id } }) => id);

describe("the outline of a flow", () => {
  const { main, unreachable } = toOutline(hotline, KINDS);
  const hours = main.steps.at(-1);
  const open = hours?.branches[0];
  const menu = open?.steps.at(-1);

  it("tells a straight way in one sequence and branches where it parts", () => {
    expect(idsOf(main)).toEqual(["start", "hours"]);
    expect(hours?.branches.map(({ exit }) => exit)).toEqual(["open", "closed"]);
    expect(open && idsOf(open)).toEqual(["welcome", "menu"]);
  });

  it("lists a menu's keys as on a telephone, with their meaning", () => {
    expect(menu?.branches.map(({ exit }) => exit)).toEqual(["1", "2", "0", "no_key", "wrong_key"]);
    const words = menu?.branches.map(({ exit }) => wordsOfExit(menu.node, exit, KINDS, "zh"));
    expect(words?.slice(0, 3)).toEqual([
      { key: "1", words: "售后" },
      { key: "2", words: "销售" },
      { key: "0", words: "重听" },
    ]);
    expect(words?.[3]).toEqual({ key: null, words: "No key pressed" });
  });

  it("tells what follows where a step fails after everything else", () => {
    const nodes = [...hotline.nodes, node("failed", "on_error")];
    const edges = [...hotline.edges, { from: "failed", exit: "next", to: "sorry" }];
    const { besides, unreachable: lost } = toOutline({ ...hotline, nodes, edges }, KINDS);
    expect(besides.map(idsOf)).toEqual([["failed"]]);
    expect(besides[0]?.end).toMatchObject({ kind: "jump" });
    expect(lost.map(({ id }) => id)).toEqual(["lost"]);
  });

  it("tells what leads on from any step after everything else, each phrase a branch", () => {
    const choices = [{ exit: "agent", name: "人工" }];
    const nodes = [...hotline.nodes, node("any", "shortcut", { choices })];
    const edges = [...hotline.edges, { from: "any", exit: "agent", to: "sorry" }];
    const { besides, unreachable: lost } = toOutline({ ...hotline, nodes, edges }, KINDS);
    expect(besides.map(idsOf)).toEqual([["any"]]);
    expect(lost.map(({ id }) => id)).toEqual(["lost"]);
  });

  it("calls the way to it as the step itself is called", () => {
    const menuStep = node("menu", "menu");
    expect(wordsOfExit(menuStep, BY_SHORTCUT, KINDS, "en")).toEqual({ key: null, words: "Shortcut" });
  });

  it("tells a node once and jumps to it afterwards, also backwards", () => {
    const ends = new Map(menu?.branches.map(({ exit, end }) => [exit, end]));
    expect(ends.get("0")).toEqual({ kind: "jump", to: menu?.number });
    expect(ends.get("no_key")).toEqual({ kind: "jump", to: 5 });
    const [q1] = menu?.branches[0]?.steps ?? [];
    expect(q1?.branches[0]?.steps[0]?.node.id).toBe("sorry");
    expect(q1?.branches[1]?.end).toEqual({ kind: "jump", to: q1?.branches[0]?.steps[0]?.number });
  });

  it("shows holes and what cannot be reached", () => {
    expect(menu?.branches.at(-1)).toMatchObject({ exit: "wrong_key", steps: [], end: { kind: "open" } });
    expect(unreachable.map(({ id }) => id)).toEqual(["lost"]);
  });

  it("numbers every reachable node once", () => {
    const numbers = numbersOf(toOutline(hotline, KINDS));
    expect([...numbers.values()].sort((a, b) => a - b)).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
  });
});

it("survives a start that does not exist, and a loop of one exit", () => {
  expect(toOutline({ ...hotline, start: "nowhere" }, KINDS).main).toEqual({
    steps: [],
    end: { kind: "open" },
  });
  const loop: FlowGraph = {
    format: 1,
    start: "a",
    nodes: [node("a", "start"), node("b", "play")],
    edges: [
      { from: "a", exit: "next", to: "b" },
      { from: "b", exit: "next", to: "a" },
    ],
  };
  expect(toOutline(loop, KINDS).main.end).toEqual({ kind: "jump", to: 1 });
});
