import { expect, test } from "vitest";
import { readIvrSearch } from "./search";

test("an address keeps what it may say, and nothing else", () => {
  const given = { view: "hours", by: "day", flow: "3", from: "2026-11-01", to: "soon", node: "a/b", x: 1 };
  expect(readIvrSearch(given)).toEqual({
    view: "hours",
    by: "day",
    flow: 3,
    from: "2026-11-01",
    node: "a/b",
  });
  expect(readIvrSearch({ view: "all", by: "year", what: "rain", flow: 0, node: 7 })).toEqual({});
});
