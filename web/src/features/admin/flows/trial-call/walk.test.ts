import { describe, expect, it } from "vitest";
import { wayId } from "../canvas/marks";
import type { FlowGraph } from "../model/graph";
import { marksOfWalk, stepsOf, type TrialTrace } from "./walk";

const GRAPH: FlowGraph = {
  format: 1,
  start: "start",
  nodes: ["start", "menu", "sub", "bye"].map((id) => ({ id, kind: id, config: {} })),
  edges: [
    { from: "start", exit: "next", to: "menu" },
    { from: "menu", exit: "1", to: "sub" },
    { from: "menu", exit: "2", to: "sub" },
    { from: "menu", exit: "wrong_key", to: "menu" },
    { from: "sub", exit: "done", to: "bye" },
  ],
};

function came(...steps: [name: string, through: string][]): TrialTrace[] {
  return [
    { at_s: 0, what: "say", name: "welcome", through: "" },
    ...steps.map(([name, through]) => ({ at_s: 0, what: "node", name, through })),
  ];
}

describe("a trial call on the canvas", () => {
  it("lights the way that was taken, and not the other between the same steps", () => {
    const walked = stepsOf(came(["start", ""], ["menu", "next"], ["sub", "2"]));
    const marks = marksOfWalk(GRAPH, walked, false);
    expect([...marks.nodes]).toEqual([
      ["start", "passed"],
      ["menu", "passed"],
      ["sub", "here"],
    ]);
    expect([...marks.ways.keys()]).toEqual([wayId("start", "next"), wayId("menu", "2")]);
  });

  it("shows a sub-flow as the one step it is drawn as", () => {
    const inside: [string, string][] = [
      ["sub/start", "enter"],
      ["sub/ask", "next"],
      ["bye", "next"],
    ];
    const walked = stepsOf(came(["start", ""], ["menu", "next"], ["sub", "1"], ...inside));
    expect(walked.map(({ step }) => step)).toEqual(["start", "menu", "sub", "bye"]);
    const marks = marksOfWalk(GRAPH, walked, true);
    expect(marks.ways.has(wayId("sub", "done"))).toBe(true);
    expect(marks.nodes.get("bye")).toBe("passed");
  });

  it("lights a way back to the same step, and none to where a call came anew", () => {
    const again = stepsOf(came(["menu", ""], ["menu", "wrong_key"]));
    expect([...marksOfWalk(GRAPH, again, false).ways.keys()]).toEqual([wayId("menu", "wrong_key")]);
    const anew = stepsOf(came(["start", ""], ["bye", ""]));
    expect(marksOfWalk(GRAPH, anew, false).ways.size).toBe(0);
  });
});
