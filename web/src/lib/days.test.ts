import { describe, expect, it } from "vitest";
import { dayOf, isDay, nextDay, startOfDay } from "./days";

describe("startOfDay", () => {
  it.each([
    ["2026-11-21", "Asia/Shanghai", "2026-11-20T16:00:00.000Z"],
    ["2026-03-29", "Europe/Berlin", "2026-03-28T23:00:00.000Z"],
    ["2026-03-30", "Europe/Berlin", "2026-03-29T22:00:00.000Z"],
    ["2026-11-02", "America/New_York", "2026-11-02T05:00:00.000Z"],
  ])("%s in %s begins at %s", (day, zone, instant) => {
    expect(startOfDay(day, zone)).toBe(instant);
  });
});

it("ends a month and a year", () => {
  expect(nextDay("2026-12-31")).toBe("2027-01-01");
});

it("knows that it is tomorrow in Shanghai already", () => {
  const at_ms = Date.parse("2026-11-21T16:00:01Z");
  expect(dayOf(at_ms, "Asia/Shanghai")).toBe("2026-11-22");
  expect(dayOf(at_ms, "Asia/Shanghai", -7)).toBe("2026-11-15");
});

it("takes no day that is none", () => {
  expect([isDay("2026-02-10"), isDay("2026-13-01"), isDay("today"), isDay(20260210)]).toEqual([
    true,
    false,
    false,
    false,
  ]);
});
