import { expect, test } from "vitest";
import { interactionRow } from "@/live/builders";
import type { StepRow } from "@/live/messages";
import { busyOn, ivrNow, stepsOf, total } from "./status";

function at(node: string, minute: number): StepRow {
  return { flow: 1, version: 2, node, kind: "menu", since: `2026-11-21T06:0${minute}:00Z` };
}

test("callers are counted at their steps, the fullest first, with the longest stay", () => {
  const now = ivrNow([
    interactionRow({ id: "a", phase: "flow", step: at("menu", 5) }),
    interactionRow({ id: "b", phase: "flow", step: at("menu", 2) }),
    interactionRow({ id: "c", phase: "message", step: at("word", 1) }),
    interactionRow({ id: "d", phase: "talking" }),
  ]);
  expect(now.steps.map(({ node, callers, since }) => [node, callers, since])).toEqual([
    ["menu", 2, "2026-11-21T06:02:00Z"],
    ["word", 1, "2026-11-21T06:01:00Z"],
  ]);
  expect(now.callers.map(({ id }) => id)).toEqual(["c", "b", "a"]);
});

test("each line tells how many are in service, wait and talk; who holds no line is not counted", () => {
  const now = ivrNow([
    interactionRow({ id: "a", phase: "flow", came_by: "trunk:3", step: at("menu", 1) }),
    interactionRow({ id: "b", phase: "offered", came_by: "trunk:3" }),
    interactionRow({ id: "c", phase: "held", came_by: "trunk:3" }),
    interactionRow({ id: "d", phase: "waiting", came_by: "guest" }),
    interactionRow({ id: "e", phase: "waiting", came_by: "trunk:3", lacks_customer: true }),
    interactionRow({ id: "f", phase: "ended", came_by: "trunk:3" }),
    interactionRow({ id: "g", phase: "talking", direction: "outbound", came_by: "desk" }),
  ]);
  expect(now.lines.map((line) => [line.cameBy, line.inService, line.waiting, line.talking])).toEqual([
    ["trunk:3", 1, 1, 1],
    ["guest", 0, 1, 0],
  ]);
  expect([now.busy, now.waiting, now.lines.map(total)]).toEqual([4, 2, [3, 1]]);
});

test("what the server counts stands at the steps, and a trunk has the calls of all its numbers", () => {
  const counted = [{ flow: 1, node: "menu", kind: "menu", callers: 3, since: "2026-11-21T06:02:00Z" }];
  expect(stepsOf(counted)).toEqual([{ key: "1 menu", ...counted[0] }]);
  const now = ivrNow([
    interactionRow({ id: "a", phase: "flow", entry: "1", came_by: "trunk:3", step: at("menu", 1) }),
    interactionRow({ id: "b", phase: "talking", entry: "2", came_by: "trunk:3" }),
    interactionRow({ id: "c", phase: "waiting", entry: "2", came_by: "trunk:31" }),
  ]);
  expect([busyOn(3, now.lines), busyOn(31, now.lines), busyOn(null, now.lines)]).toEqual([2, 1, 0]);
});
