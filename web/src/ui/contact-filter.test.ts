import { expect, it } from "vitest";
import { readContactFilter, toFilterQuery } from "./contact-filter";

it("includes the whole of the last day, on the company's clock", () => {
  expect(toFilterQuery({ from: "2026-11-20", to: "2026-11-21" }, "Asia/Shanghai")).toEqual({
    from: "2026-11-19T16:00:00.000Z",
    to: "2026-11-21T16:00:00.000Z",
  });
});

it("reads what an address holds and nothing else", () => {
  expect(readContactFilter({ agent: "7", queue: 0, direction: "sideways", from: "yesterday" })).toEqual({
    agent: 7,
  });
});
