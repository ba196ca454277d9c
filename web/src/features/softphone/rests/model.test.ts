import { expect, it } from "vitest";
import { agentRow } from "@/live/builders";
import type { RestRow } from "@/live/messages";
import { noticeOf, restHint } from "./model";

const NOW = Date.parse("2026-11-21T06:10:00Z");
const rest = (own: Partial<RestRow>): RestRow => ({
  reason: "meal",
  stage: "asked",
  asked_at: "2026-11-21T06:00:00Z",
  planned_s: 600,
  until: null,
  is_overrun: false,
  decided_by: null,
  refusal: null,
  place: null,
  ...own,
});

it("says where a rest stands", () => {
  const said = (own: Partial<RestRow>) => noticeOf(agentRow({ state: "ready", rest: rest(own) }), NOW);
  expect(said({})).toEqual({ kind: "asked" });
  expect(said({ stage: "granted" })).toEqual({ kind: "granted" });
  expect(said({ stage: "waiting", place: 3 })).toEqual({ kind: "waiting", place: 3 });
  expect(said({ stage: "refused", refusal: "later" })).toEqual({ kind: "refused", why: "later" });
  expect(noticeOf(agentRow({}), NOW)).toBeNull();
});

it("counts a rest down, and up once it is longer than planned", () => {
  const until = (at: string) =>
    noticeOf(agentRow({ state: "rest", rest: rest({ stage: "taken", until: at }) }), NOW);
  expect(until("2026-11-21T06:15:00Z")).toEqual({ kind: "resting", time: "05:00" });
  expect(until("2026-11-21T06:08:30Z")).toEqual({ kind: "overrun", time: "01:30" });
});

it("says why nobody calls after missed calls, and until when", () => {
  const missed = agentRow({ state: "not_ready", reason: "ring_no_answer", missed: 2 });
  expect(noticeOf(missed, NOW)).toEqual({ kind: "missed", count: 2, time: null });
  expect(noticeOf({ ...missed, until: "2026-11-21T06:10:20Z" }, NOW)).toMatchObject({ time: "00:20" });
});

it("tells the places and minutes that are left before a rest is chosen", () => {
  expect(restHint(agentRow({}), 10)).toBeNull();
  expect(restHint(agentRow({ rests_free: 2 }), 10)).toEqual({ key: "free", count: 2 });
  expect(restHint(agentRow({ rests_free: 0 }), 10)).toEqual({ key: "full", count: 0 });
  expect(restHint(agentRow({ rests_free: 2, rest_left_s: 300 }), 10)).toEqual({ key: "short", count: 5 });
});
