import { expect, it } from "vitest";
import { toQuery } from "./rest-filter";
import { readLiveSearch } from "./search";

it("asks for what is chosen alone", () => {
  expect(toQuery({})).toEqual({});
  expect(toQuery({ team: undefined, agent: 7, reason: "" })).toEqual({ agent: 7 });
  expect(toQuery({ team: 3, reason: "meal" })).toEqual({ team: 3, reason: "meal" });
});

it("opens the figures that the address names, and no others", () => {
  expect(readLiveSearch({ show: "rests", from: "2026-11-01", to: "x" })).toEqual({
    show: "rests",
    from: "2026-11-01",
  });
  expect(readLiveSearch({ show: "days" })).toEqual({ show: "days" });
  expect(readLiveSearch({ show: "salaries" })).toEqual({});
});
