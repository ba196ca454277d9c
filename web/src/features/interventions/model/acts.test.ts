import { describe, expect, it } from "vitest";
import { interactionRow as interaction } from "@/live/builders";
import { actOfKey, actsFor } from "./acts";

const BOTH = { mayIntervene: true, mayPull: true };

describe("what a lead may do to a contact", () => {
  it("is all of it while the contact waits, or rings somewhere", () => {
    for (const phase of ["waiting", "offered"] as const)
      expect(actsFor(interaction({ phase }), BOTH)).toEqual(["assign", "requeue", "priority", "pull", "end"]);
  });

  it("is nothing once somebody has it", () => {
    expect(actsFor(interaction({ phase: "talking" }), BOTH)).toEqual([]);
  });

  it("follows the two rights", () => {
    const row = interaction({ phase: "waiting" });
    expect(actsFor(row, { mayIntervene: false, mayPull: true })).toEqual(["pull"]);
    expect(actsFor(row, { mayIntervene: true, mayPull: false })).not.toContain("pull");
  });

  it("has one key each, in either case", () => {
    expect(actOfKey("A")).toBe("assign");
    expect(actOfKey("t")).toBe("pull");
    expect(actOfKey("x")).toBeUndefined();
  });
});
