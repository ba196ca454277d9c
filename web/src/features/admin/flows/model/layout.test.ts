import { expect, it } from "vitest";
import type { FlowGraph } from "./graph";
import { KINDS } from "./kinds.fixture";
import { layOut } from "./layout";

it("stands a branch beside the step it leaves, however late it comes back", async () => {
  const step = (id: string, kind: string) => ({ id, kind, config: {} });
  const way = (from: string, exit: string, to: string) => ({ from, exit, to });
  const graph: FlowGraph = {
    format: 1,
    start: "start",
    nodes: [
      step("start", "start"),
      step("hours", "hours"),
      step("hello", "play"),
      step("menu", "menu"),
      step("queue", "queue"),
      step("busy", "play"),
      step("closed", "play"),
      step("end", "hang_up"),
    ],
    edges: [
      way("start", "next", "hours"),
      way("hours", "open", "hello"),
      way("hours", "closed", "closed"),
      way("hello", "next", "menu"),
      way("menu", "no_key", "queue"),
      way("menu", "wrong_key", "queue"),
      way("queue", "closed", "busy"),
      way("queue", "overflow", "busy"),
      way("busy", "next", "end"),
      way("closed", "next", "end"),
    ],
  };
  const places = await layOut(graph, KINDS);
  expect(places.get("closed")?.x).toBe(places.get("hello")?.x);
});
