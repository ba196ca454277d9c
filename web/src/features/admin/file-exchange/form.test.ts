import { describe, expect, it } from "vitest";
import { NEW_PLAN, type PlanForm, toBody } from "./form";

const filled = { ...NEW_PLAN, name: "a", file_name: "a.csv" } as PlanForm;

describe("the form of a plan", () => {
  it("sends pairs as a mapping, and none of an empty row", () => {
    const pairs = [
      { title: "姓名", field: "name" },
      { title: "", field: "email" },
    ];
    expect(toBody({ ...filled, direction: "in", pairs }).mapping).toEqual({ 姓名: "name" });
  });
  it("sends nothing of the other direction", () => {
    const out = toBody({ ...filled, pairs: [{ title: "x", field: "name" }] });
    expect([out.kind, out.mapping]).toEqual(["", {}]);
    expect(toBody({ ...filled, direction: "in" }).list_path).toBe("");
  });
});
