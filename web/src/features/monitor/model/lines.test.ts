import { expect, it } from "vitest";
import { interactionRow } from "@/live/builders";
import { conversationsOf, waitingOf } from "./lines";

const rows = [
  interactionRow({ id: "talk", phase: "talking", queue: 1 }),
  interactionRow({ id: "late", phase: "waiting", queue: 2, queued_at: "2026-11-21T06:00:09Z" }),
  interactionRow({ id: "first", phase: "offered", queue: 1, queued_at: "2026-11-21T14:00:01+08:00" }),
  interactionRow({ id: "menu", phase: "flow", queue: null, answered_at: null }),
  interactionRow({ id: "over", phase: "ended", queue: 1 }),
];
const ids = (shown: { id: string }[]) => shown.map((row) => row.id);

it("lists whoever waits, also while an agent is being rung, the longest first", () => {
  expect(ids(waitingOf(rows, undefined))).toEqual(["first", "late"]);
  expect(ids(waitingOf(rows, 2))).toEqual(["late"]);
});

it("lists conversations before automatic service, and nothing that is over", () => {
  expect(ids(conversationsOf(rows, undefined))).toEqual(["talk", "menu"]);
  expect(ids(conversationsOf(rows, 1))).toEqual(["talk"]);
});
