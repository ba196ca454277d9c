import { describe, expect, it } from "vitest";
import { ACTIONS, CONDITIONS, needOf, nextStep, unitOf } from "./overflow";

describe("overflow steps", () => {
  it("ask for a number only where the condition counts something", () => {
    expect(CONDITIONS.map(unitOf)).toEqual(["seconds", "callers", "seconds", null, null, null, null]);
    expect(unitOf(undefined)).toBeNull();
  });

  it("ask for a queue or a prompt only where the action needs one", () => {
    expect(ACTIONS.map(needOf)).toEqual(["queue", "queue", "prompt", "prompt", null, null, null]);
  });

  it("follow each other by a minute", () => {
    const first = nextStep([]);
    expect(first.threshold).toBe(60);
    expect(nextStep([first, { ...first, condition: "line_reached", threshold: 900 }]).threshold).toBe(120);
  });
});
