import { expect, test } from "vitest";
import { readSurveysSearch } from "./search";

test("an address keeps what it may say, and nothing else", () => {
  const given = {
    view: "answers",
    by: "day",
    queue: "3",
    low: true,
    from: "2026-11-01",
    to: "tomorrow",
    x: "1",
  };
  expect(readSurveysSearch(given)).toEqual({
    view: "answers",
    by: "day",
    queue: 3,
    low: true,
    from: "2026-11-01",
  });
  expect(readSurveysSearch({ view: "all", by: "team", queue: -1, low: "yes" })).toEqual({});
});
