import { expect, it } from "vitest";
import { offered, toQuery } from "./rest-filter";
import { readLiveSearch } from "./search";

it("asks for what is chosen alone", () => {
  expect(toQuery({})).toEqual({});
  expect(toQuery({ team: undefined, agent: { value: 7, label: "王丽" } })).toEqual({ agent: 7 });
  expect(toQuery({ team: 3, reason: { value: "meal", label: "就餐" } })).toEqual({ team: 3, reason: "meal" });
});

it("offers a removed agent who rested then, and what is chosen although nobody rested so on other days", () => {
  const today = [{ value: 1, label: "王丽" }];
  const rested = [
    { value: 1, label: "王丽" },
    { value: 2, label: "李强" },
  ];
  expect(offered(today, rested, []).map((one) => one.label)).toEqual(["王丽", "李强"]);
  expect(offered(today, [], [{ value: 2, label: "李强" }]).map((one) => one.label)).toEqual(["王丽", "李强"]);
});

it("opens the figures that the address names, and no others", () => {
  expect(readLiveSearch({ show: "rests", from: "2026-11-01", to: "x" })).toEqual({
    show: "rests",
    from: "2026-11-01",
  });
  expect(readLiveSearch({ show: "days" })).toEqual({ show: "days" });
  expect(readLiveSearch({ show: "salaries" })).toEqual({});
});
