import { describe, expect, it } from "vitest";
import { agentRow, interactionRow } from "@/live/builders";
import { currentOf, forTransfer, isStray, liveCallOf, needsResume, offeredTo } from "./contact";

const offer = {
  offer: "o1",
  agent: 7,
  offered_at: "2026-11-21T06:00:00Z",
  expires_at: "2026-11-21T06:00:20Z",
};

describe("offeredTo", () => {
  it("finds the offer to me, not one to somebody else", () => {
    const row = interactionRow({ phase: "offered", offers: [offer], agent: null });
    expect(offeredTo(agentRow({ id: 7 }), [row])).toBe(row);
    expect(offeredTo(agentRow({ id: 8 }), [row])).toBeNull();
  });
});

describe("currentOf", () => {
  it("is the contact that occupies me, and not yet while it rings", () => {
    const talking = interactionRow({ id: "a" });
    const ringing = interactionRow({ id: "b", phase: "offered", offers: [offer], agent: null });
    expect(currentOf(agentRow({ interaction: "a" }), [talking])).toBe(talking);
    expect(currentOf(agentRow({ interaction: "b" }), [ringing])).toBeNull();
    expect(currentOf(agentRow({ interaction: null }), [talking])).toBeNull();
  });
});

describe("liveCallOf", () => {
  it("is over for me once I have transferred, though the customer talks on", () => {
    const row = interactionRow({ id: "a", agent: 8 });
    expect(liveCallOf(agentRow({ state: "wrap_up", interaction: "a" }), [row])).toBeNull();
    expect(liveCallOf(agentRow({ state: "talking", interaction: "a" }), [row])).toBe(row);
  });
});

describe("needsResume", () => {
  it.each([
    ["talking without a telephone", "talking", false, true],
    ["held without a telephone", "held", false, true],
    ["talking with one", "talking", true, false],
    ["ended", "ended", false, false],
    ["still dialling", "dialling", false, false],
  ] as const)("%s", (_name, phase, hasCall, expected) => {
    expect(needsResume(agentRow({ id: 7 }), interactionRow({ phase, agent: 7 }), hasCall)).toBe(expected);
  });
});

describe("isStray", () => {
  const call = { id: "c", offer: "o", interaction: null, phase: "talking" as const };
  const silence = { level: "poor" as const, loss_pct: 100, jitter_ms: 0, rtt_ms: null };
  it.each([
    ["in wrap-up, and silent", "wrap_up", silence, true],
    ["on hold, which is silent", "hold", silence, false],
    ["a test call, which sounds", "ready", { ...silence, loss_pct: 0 }, false],
    ["not measured yet", "ready", null, false],
  ] as const)("%s", (_name, state, quality, expected) => {
    expect(isStray(agentRow({ state }), call, quality)).toBe(expected);
  });
});

describe("forTransfer", () => {
  it("puts the ready first, leaves me out and searches by name", () => {
    const colleagues = [
      { id: 1, name: "Zhao", state: "logged_out" as const },
      { id: 2, name: "Qian", state: "talking" as const },
      { id: 3, name: "Sun", state: "ready" as const },
      { id: 7, name: "Me", state: "talking" as const },
    ];
    expect(forTransfer(colleagues, 7, "").map((each) => each.id)).toEqual([3, 2, 1]);
    expect(forTransfer(colleagues, 7, " qi").map((each) => each.id)).toEqual([2]);
  });
});
