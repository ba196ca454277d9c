import { describe, expect, it } from "vitest";
import { exportAddress, fromListState, readListSearch, toListQuery, toListState } from "./list-search";

describe("readListSearch", () => {
  it("takes digits for text, as the address gives them as a number", () => {
    expect(readListSearch({ search: 138 })).toEqual({ search: "138" });
  });
  it("drops what no list could be asked for", () => {
    expect(readListSearch({ search: " ", page: -1, size: 9999, sort: "name;drop", other: 1 })).toEqual({});
  });
  it("gives back what a list state was written as", () => {
    const state = { page: 3, pageSize: 50, sort: "-changed_at" };
    expect(toListState(readListSearch({ ...fromListState(state) }))).toEqual(state);
  });
});

it("asks for the first page of twenty where the address says nothing", () => {
  expect(toListQuery({})).toEqual({ page: 1, page_size: 20 });
});

it("exports all that is filtered, not one page of it", () => {
  expect(exportAddress("/api/customers", { page: 2, page_size: 20, search: "a&b", level: "" }, "csv")).toBe(
    "/api/customers?format=csv&search=a%26b",
  );
});
