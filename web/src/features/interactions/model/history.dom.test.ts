import { describe, expect, it } from "vitest";
import { type HistoryEntry, isTold, toneOf } from "./history";

function entry(own: Partial<HistoryEntry>): HistoryEntry {
  return { at: "2026-11-21T06:00:00Z", type: "InteractionStarted", ...own } as HistoryEntry;
}

describe("isTold", () => {
  it("leaves out what an own sentence tells already", () => {
    const entries = [
      entry({ type: "OfferEnded", outcome: "answered" }),
      entry({ type: "QueueLeft", outcome: "answered" }),
      entry({ type: "DialEnded", answered: true }),
      entry({ type: "NodeEntered", node_kind: "queue" }),
      entry({ type: "RecordingStarted" }),
    ];
    expect(entries.filter(isTold)).toEqual([]);
  });
  it("tells what went wrong, in its colour", () => {
    const missed = entry({ type: "OfferEnded", outcome: "no_answer" });
    const gone = entry({ type: "QueueLeft", outcome: "abandoned" });
    const busy = entry({ type: "DialEnded", answered: false, cause: "busy" });
    expect([missed, gone, busy].filter(isTold).map(toneOf)).toEqual(["trouble", "trouble", "trouble"]);
  });
  it("is silent about an event that a newer engine wrote", () => {
    expect(isTold(entry({ type: "Teleported" }))).toBe(false);
  });
});
