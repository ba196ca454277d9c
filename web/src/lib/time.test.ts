import { describe, expect, it } from "vitest";
import { formatDuration, formatInstant, formatShortInstant, secondsSince, secondsUntil } from "./time";

const ZONE = "Asia/Shanghai";
const NOON = Date.parse("2026-11-21T04:00:00Z");

describe("formatDuration", () => {
  it.each([
    [0, "00:00"],
    [59.9, "00:59"],
    [148, "02:28"],
    [3600, "1:00:00"],
    [-3, "00:00"],
  ])("%d s", (duration_s, expected) => {
    expect(formatDuration(duration_s)).toBe(expected);
  });
});

describe("counting", () => {
  it("shows the last second of a countdown as 1, and nothing negative", () => {
    expect(secondsUntil("2026-11-21T04:00:00.200Z", NOON)).toBe(1);
    expect(secondsUntil("2026-11-21T03:59:59Z", NOON)).toBe(0);
    expect(secondsSince("2026-11-21T04:00:05Z", NOON)).toBe(0);
    expect(secondsSince(null, NOON)).toBe(0);
  });
});

describe("instants on the company's clock", () => {
  it("are whole in full and short where the reader knows the rest", () => {
    expect(formatInstant("2026-11-20T23:30:00Z", ZONE)).toBe("2026-11-21 07:30");
    expect(formatShortInstant("2026-11-20T23:30:00Z", ZONE, NOON)).toBe("07:30");
    expect(formatShortInstant("2026-11-20T15:30:00Z", ZONE, NOON)).toBe("11-20 23:30");
    expect(formatShortInstant("2025-11-20T15:30:00Z", ZONE, NOON)).toBe("2025-11-20 23:30");
    expect(formatShortInstant("2026-11-20T16:00:00Z", ZONE, NOON)).toBe("00:00");
  });
});
