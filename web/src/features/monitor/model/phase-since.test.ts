import { expect, it } from "vitest";
import { interactionRow } from "@/live/builders";
import { phaseSince } from "./phase-since";

const parked_at = "2026-11-21T06:05:00Z";

it("counts a parked call's time in its slot, not the whole call", () => {
  const row = interactionRow({ phase: "parked", parked: { slot: 701, by_agent: 7, parked_at } });
  expect(phaseSince(row)).toBe(parked_at);
});

it("counts a held call from its hold, and any other from its answer or its arrival", () => {
  const held_since = "2026-11-21T06:03:00Z";
  expect(phaseSince(interactionRow({ held_since }))).toBe(held_since);
  expect(phaseSince(interactionRow({}))).toBe("2026-11-21T06:00:20Z");
  expect(phaseSince(interactionRow({ answered_at: null }))).toBe("2026-11-21T06:00:00Z");
});
