import { describe, expect, it } from "vitest";
import { interactionRow } from "@/live/builders";
import { countsSince, inOrder, neighbour } from "./work-list";

const rows = [
  interactionRow({ id: "done", phase: "ended", started_at: "2026-11-21T05:00:00Z" }),
  interactionRow({ id: "ring", phase: "offered", started_at: "2026-11-21T07:00:00Z" }),
  interactionRow({ id: "talk", phase: "talking", started_at: "2026-11-21T06:00:00Z" }),
];

describe("inOrder", () => {
  it("shows what rings, then what is talked in, then what is over", () => {
    expect(inOrder(rows).map((row) => row.id)).toEqual(["ring", "talk", "done"]);
  });
});

describe("neighbour", () => {
  it.each([
    ["talk", 1, "done"],
    ["done", 1, "ring"],
    ["ring", -1, "done"],
    [undefined, 1, "ring"],
    ["elsewhere", -1, "done"],
  ] as const)("from %s by %i to %s", (shown, step, expected) => {
    expect(neighbour(rows, shown, step)).toBe(expected);
  });

  it("is nothing where there is nothing", () => {
    expect(neighbour([], undefined, 1)).toBeNull();
  });
});

describe("countsSince", () => {
  it("counts the hold while held, the wait while it rings", () => {
    expect(countsSince(interactionRow({ phase: "held", held_since: "2026-11-21T06:01:00Z" }))).toBe(
      "2026-11-21T06:01:00Z",
    );
    expect(countsSince(interactionRow({ phase: "offered", queued_at: "2026-11-21T06:00:05Z" }))).toBe(
      "2026-11-21T06:00:05Z",
    );
  });
});
