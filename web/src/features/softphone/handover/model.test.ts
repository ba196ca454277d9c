import { describe, expect, it } from "vitest";
import { interactionRow } from "@/live/builders";
import type { ConsultRow } from "@/live/messages";
import { noticeOf, partyStates, roleIn, slotOf } from "./model";

const consult: ConsultRow = {
  by_agent: 7,
  kind: "agent",
  target: 8,
  agent: null,
  number: null,
  stage: "ringing",
  started_at: "2026-11-21T06:00:00Z",
  answered_at: null,
  note: null,
};

describe("partyStates", () => {
  it.each([
    ["ringing", "music", "ringing"],
    ["talking", "music", "with"],
    ["swapped", "with", "music"],
    ["joined", "joined", "joined"],
  ] as const)("%s: the customer %s, the second party %s", (stage, customer, second) => {
    expect(partyStates({ ...consult, stage })).toEqual({ customer, second });
  });
});

describe("roleIn", () => {
  it("is of the two agents, and of who was asked only once on the line", () => {
    expect(roleIn(interactionRow({ consult }), 7)).toBe("leads");
    expect(roleIn(interactionRow({ consult: { ...consult, agent: 8 } }), 8)).toBeNull();
    expect(roleIn(interactionRow({ consult: { ...consult, agent: 8, stage: "talking" } }), 8)).toBe("asked");
    expect(roleIn(interactionRow({ consult }), 9)).toBeNull();
    expect(roleIn(interactionRow({}), 7)).toBeNull();
  });
});

describe("slotOf", () => {
  it.each([
    ["701", 701],
    [" 799 ", 799],
    ["700", null],
    ["7011", null],
    ["80", null],
  ])("%s", (text, slot) => {
    expect(slotOf(text)).toBe(slot);
  });
});

it("has a notice of a call that a lead ended, also where nobody handed it on: the desk did not even ask for it", () => {
  expect(noticeOf(interactionRow({ phase: "ended", end_reason: "disconnected" }), 7)).toBe("disconnected");
  expect(noticeOf(interactionRow({ phase: "ended", end_reason: "hangup" }), 7)).toBeNull();
});
