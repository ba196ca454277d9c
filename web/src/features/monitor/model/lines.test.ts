import { expect, it } from "vitest";
import { interactionRow } from "@/live/builders";
import { conversationsOf, type InLine, unseenOf, waitingOf } from "./lines";

const NOW_MS = Date.parse("2026-11-21T06:01:00Z");
const rows = [
  interactionRow({ id: "talk", phase: "talking", queue: 1 }),
  interactionRow({ id: "late", phase: "waiting", queue: 2, queued_at: "2026-11-21T06:00:09Z" }),
  interactionRow({ id: "first", phase: "offered", queue: 1, queued_at: "2026-11-21T14:00:01+08:00" }),
  interactionRow({ id: "menu", phase: "flow", queue: null, answered_at: null }),
  interactionRow({ id: "over", phase: "ended", queue: 1 }),
];
const ids = (shown: { id: string }[]) => shown.map((row) => row.id);
const lined = (shown: InLine[]) => shown.map(({ row }) => row.id);

it("lists whoever waits, also while an agent is being rung, the longest first", () => {
  expect(lined(waitingOf(rows, undefined))).toEqual(["first", "late"]);
  expect(lined(waitingOf(rows, 2))).toEqual(["late"]);
});

it("counts places in each queue by priority, then by the whole wait, also of what is not shown", () => {
  const line = [
    interactionRow({ id: "new", phase: "waiting", queue: 1, queued_at: "2026-11-21T06:00:05Z" }),
    interactionRow({
      id: "moved",
      phase: "waiting",
      queue: 1,
      queued_at: "2026-11-21T06:00:09Z",
      waits_since: "2026-11-21T06:00:01Z",
    }),
    interactionRow({
      id: "raised",
      phase: "waiting",
      queue: 1,
      queued_at: "2026-11-21T06:00:20Z",
      priority: 5,
      medium: "callback",
    }),
    interactionRow({ id: "other", phase: "waiting", queue: 2, queued_at: "2026-11-21T06:00:07Z" }),
  ];
  const places = waitingOf(line, undefined, { order: "queue" }).map(({ row, before }) => [row.id, before]);
  expect(places).toEqual([
    ["raised", 0],
    ["moved", 1],
    ["new", 2],
    ["other", 0],
  ]);
  expect(lined(waitingOf(line, 1, { medium: "voice" }))).toEqual(["moved", "new"]);
  expect(lined(waitingOf(line, 1, { order: "place" }))).toEqual(["raised", "moved", "new"]);
});

it("counts places by claims that grow, as contacts are served", () => {
  const waited = (id: string, seconds: number, claim: [number, number, number | null]) =>
    interactionRow({
      id,
      phase: "waiting",
      queue: 1,
      queued_at: new Date(NOW_MS - seconds * 1000).toISOString(),
      claim,
    });
  const line = [
    waited("vip", 10, [20, 0, null]),
    waited("grown", 60, [0, 0.5, null]),
    waited("capped", 90, [0, 1, 5]),
  ];
  const first = (now_ms: number) => lined(waitingOf(line, 1, { order: "place", now_ms }));
  expect(first(NOW_MS)).toEqual(["grown", "vip", "capped"]);
  expect(first(NOW_MS - 40_000)).toEqual(["vip", "grown", "capped"]);
});

it("lists conversations before automatic service, and nothing that is over", () => {
  expect(ids(conversationsOf(rows, undefined))).toEqual(["talk", "menu"]);
  expect(ids(conversationsOf(rows, 1))).toEqual(["talk"]);
});

it("knows which contacts are out of sight, and since when", () => {
  const since = "2026-11-21T06:00:30Z";
  const unseen = unseenOf([
    interactionRow({ id: "hidden", unseen_since: since }),
    interactionRow({ id: "seen", unseen_since: null }),
  ]);
  expect([...unseen]).toEqual([["hidden", since]]);
});
