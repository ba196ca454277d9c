import { describe, expect, it } from "vitest";
import {
  daysBetween,
  findSpanProblem,
  groupDays,
  monthOf,
  nextSpan,
  officeWeek,
  type Span,
  toClock,
  withDays,
} from "./hours";

describe("a time of day as it is typed", () => {
  it.each([
    ["9", "09:00"],
    ["930", "09:30"],
    ["0930", "09:30"],
    ["18:05", "18:05"],
    ["９：３０", "09:30"],
    ["24", "24:00"],
    ["24:00", "24:00"],
  ])("reads %s as %s", (text, clock) => expect(toClock(text)).toBe(clock));

  it.each(["", "25", "24:30", "9:60", "nine", "9:5"])("refuses %j", (text) =>
    expect(toClock(text)).toBeNull(),
  );
});

describe("the spans of a day", () => {
  it.each<[string, Span[], ReturnType<typeof findSpanProblem>]>([
    ["nothing at all", [], null],
    [
      "a morning and an afternoon",
      [
        ["09:00", "12:00"],
        ["13:00", "18:00"],
      ],
      null,
    ],
    [
      "spans that touch",
      [
        ["09:00", "12:00"],
        ["12:00", "18:00"],
      ],
      null,
    ],
    ["the whole day", [["00:00", "24:00"]], null],
    ["an end before the start", [["18:00", "09:00"]], "backwards"],
    ["no length", [["09:00", "09:00"]], "backwards"],
    [
      "spans that overlap, in any order",
      [
        ["13:00", "18:00"],
        ["09:00", "13:30"],
      ],
      "overlap",
    ],
    ["a time not yet typed", [["09:00", ""]], "incomplete"],
  ])("%s", (_name, spans, problem) => expect(findSpanProblem(spans)).toBe(problem));

  it("goes on after lunch", () => {
    expect(nextSpan([["09:00", "12:00"]])).toEqual(["13:00", "18:00"]);
    expect(nextSpan([["09:00", "18:00"]])).toEqual(["19:00", "24:00"]);
    expect(nextSpan([])).toEqual(["09:00", "18:00"]);
  });
});

it("tells days with the same hours as one", () => {
  expect(groupDays(officeWeek())).toEqual([
    { first: 0, last: 4, spans: [["09:00", "18:00"]] },
    { first: 5, last: 6, spans: [] },
  ]);
});

it("counts days over the end of a month, and not for ever", () => {
  expect(daysBetween("2026-09-30", "2026-10-02")).toEqual(["2026-09-30", "2026-10-01", "2026-10-02"]);
  expect(daysBetween("2026-10-02", "2026-10-01")).toEqual([]);
  expect(daysBetween("2026-01-01", "2036-01-01")).toHaveLength(366);
});

it("replaces days without touching others", () => {
  const before = { "2026-10-01": [["09:00", "12:00"] satisfies Span] };
  expect(withDays(before, ["2026-10-02"], [])).toEqual({ ...before, "2026-10-02": [] });
  expect(withDays(before, ["2026-10-01"], [])).toEqual({ "2026-10-01": [] });
});

describe("a month's preview", () => {
  const days = {
    dates: { "2026-10-01": [], "2026-10-10": [["10:00", "16:00"]] as Span[] },
    names: { "2026-10-01": "国庆节" },
  };
  const month = monthOf("2026-10", officeWeek(), days);

  it("begins under its weekday and has every day", () => {
    expect(month.slice(0, 3)).toEqual([null, null, null]); // a Thursday
    expect(month).toHaveLength(3 + 31);
  });

  it("marks holidays and make-up workdays", () => {
    expect(month[3]).toEqual({ day: "2026-10-01", kind: "holiday", spans: [], name: "国庆节" });
    expect(month[3 + 9]).toMatchObject({ day: "2026-10-10", kind: "workday", spans: [["10:00", "16:00"]] });
    expect(month[3 + 1]).toMatchObject({ kind: "week", spans: [["09:00", "18:00"]] });
  });
});
