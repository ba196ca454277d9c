import { describe, expect, it } from "vitest";
import { judgeQuality, type MediaTotals, readTotals } from "./quality";

const none: MediaTotals = { received: 0, lost: 0, jitter_ms: 0, rtt_ms: null };

describe("judgeQuality", () => {
  it.each([
    ["clean", { received: 100, lost: 0, jitter_ms: 4, rtt_ms: 20 }, "good"],
    ["just below fair", { received: 981, lost: 19, jitter_ms: 39, rtt_ms: 299 }, "good"],
    ["two per cent lost", { received: 98, lost: 2, jitter_ms: 4, rtt_ms: 20 }, "fair"],
    ["long way round", { received: 100, lost: 0, jitter_ms: 4, rtt_ms: 300 }, "fair"],
    ["shaking", { received: 100, lost: 0, jitter_ms: 80, rtt_ms: 20 }, "poor"],
    ["nothing came", none, "poor"],
  ] as const)("%s", (_name, after, level) => {
    expect(judgeQuality(none, after).level).toBe(level);
  });

  it("judges the interval, not the whole call", () => {
    const bad = { received: 100, lost: 50, jitter_ms: 4, rtt_ms: 20 };
    expect(judgeQuality(bad, { ...bad, received: 200 })).toMatchObject({ level: "good", loss_pct: 0 });
  });
});

describe("readTotals", () => {
  it("finds the inbound audio and the round trip", () => {
    const report = new Map<string, unknown>([
      ["a", { type: "inbound-rtp", kind: "audio", packetsReceived: 10, packetsLost: 1, jitter: 0.012 }],
      ["b", { type: "remote-inbound-rtp", roundTripTime: 0.05 }],
    ]) as unknown as RTCStatsReport;
    expect(readTotals(report)).toEqual({ received: 10, lost: 1, jitter_ms: 12, rtt_ms: 50 });
  });
});
