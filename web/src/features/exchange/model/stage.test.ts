import { describe, expect, it } from "vitest";
import { assign, missingFields, percentDone, rowsToDo } from "./stage";

describe("assigning columns", () => {
  it("takes a field from the column that had it", () => {
    expect(assign({ "0": "name", "1": "note" }, 2, "name")).toEqual({ "1": "note", "2": "name" });
  });
  it("leaves a column out", () => {
    expect(assign({ "0": "name", "1": "note" }, 1, "")).toEqual({ "0": "name" });
  });
  it("names the required fields without a column", () => {
    const fields = [
      { code: "name", is_required: true },
      { code: "note", is_required: false },
    ];
    expect(missingFields(fields, { "0": "note" })).toEqual([fields[0]]);
    expect(missingFields(fields, { "0": "name" })).toEqual([]);
  });
});

describe("progress", () => {
  it("is unknown while the file is read", () => {
    expect(percentDone({ state: "checking", total: 0, finished: 3000, counts: {} })).toBe(0);
  });
  it("of undoing is of the rows that did something", () => {
    const counts = { created: 3, changed: 1, skipped: 96 };
    expect(percentDone({ state: "undoing", total: 100, finished: 2, counts })).toBe(50);
    expect(rowsToDo(counts)).toBe(4);
  });
});
