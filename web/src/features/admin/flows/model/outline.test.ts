import { describe, expect, it } from "vitest";
import type { FlowGraph } from "./graph";
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
  const { main, unreachable } = toOutline(hotline);
  const hours = main.steps.at(-1);
  const open = hours?.branches[0];
  const menu = open?.steps.at(-1);

  it("tells a straight way in one sequence and branches where it parts", () => {
    expect(idsOf(main)).toEqual(["start", "hours"]);
    expect(hours?.branches.map(({ exit }) => exit)).toEqual(["open", "closed"]);
    expect(open && idsOf(open)).toEqual(["welcome", "menu"]);
  });

  it("lists a menu's keys as on a telephone, with their meaning", () => {
    expect(menu?.branches.map(({ exit, label }) => [exit, label])).toEqual([
      ["1", "售后"],
      ["2", "销售"],
      ["0", "重听"],
      ["no_key", null],
      ["wrong_key", null],
    ]);
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
    const numbers = numbersOf(toOutline(hotline));
    expect([...numbers.values()].sort((a, b) => a - b)).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
  });
});

it("survives a start that does not exist, and a loop of one exit", () => {
  expect(toOutline({ ...hotline, start: "nowhere" }).main).toEqual({ steps: [], end: { kind: "open" } });
  const loop: FlowGraph = {
    format: 1,
    start: "a",
    nodes: [node("a", "start"), node("b", "play")],
    edges: [
      { from: "a", exit: "next", to: "b" },
      { from: "b", exit: "next", to: "a" },
    ],
  };
  expect(toOutline(loop).main.end).toEqual({ kind: "jump", to: 1 });
});
