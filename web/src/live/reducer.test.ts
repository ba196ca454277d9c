import { describe, expect, it } from "vitest";
import { agentRow, interactionRow, snapshot } from "./builders";
import { applyMessage, emptyLiveState } from "./reducer";

const AT = Date.parse("2026-11-21T06:00:00Z");

describe("applyMessage", () => {
  it("takes a snapshot whole and measures the clock's offset", () => {
    const state = applyMessage(
      emptyLiveState,
      snapshot({ now: "2026-11-21T06:00:05Z", number: 7, me: agentRow({ state: "ready" }) }),
      AT,
    );
    expect(state).toMatchObject({ isLoaded: true, number: 7, clockOffset_ms: 5000, me: { state: "ready" } });
  });

  it("replaces rows of the same id, keeps the order and drops the gone", () => {
    const first = applyMessage(
      emptyLiveState,
      snapshot({
        mine: [interactionRow({ id: "a" }), interactionRow({ id: "b" }), interactionRow({ id: "c" })],
      }),
      AT,
    );
    const second = applyMessage(
      first,
      {
        type: "update",
        now: "2026-11-21T06:00:00Z",
        number: 8,
        mine: [interactionRow({ id: "b", phase: "held" })],
        gone: ["c"],
      },
      AT,
    );
    expect(second.mine.map((row) => [row.id, row.phase])).toEqual([
      ["a", "talking"],
      ["b", "held"],
    ]);
    expect(second.mine[0]).toBe(first.mine[0]);
  });

  it("tells an agent that signed out (me: null) from an update that does not speak of it", () => {
    const first = applyMessage(emptyLiveState, snapshot({ me: agentRow({}) }), AT);
    const silent = applyMessage(first, { type: "update", now: "2026-11-21T06:00:00Z", number: 2 }, AT);
    expect(silent.me).toBe(first.me);
    const gone = applyMessage(
      silent,
      { type: "update", now: "2026-11-21T06:00:00Z", number: 3, me: null },
      AT,
    );
    expect(gone.me).toBeNull();
  });

  it("keeps the last rows while stale and is fresh again with the next update", () => {
    const first = applyMessage(emptyLiveState, snapshot({ mine: [interactionRow({ id: "a" })] }), AT);
    const stale = applyMessage(first, { type: "stale", since: "2026-11-21T06:00:10Z" }, AT);
    expect(stale).toMatchObject({ staleSince: "2026-11-21T06:00:10Z", mine: [{ id: "a" }] });
    expect(
      applyMessage(stale, { type: "update", now: "2026-11-21T06:00:12Z", number: 2 }, AT).staleSince,
    ).toBeNull();
  });

  it("gives a desk without the board's right only glances of queues", () => {
    const first = applyMessage(emptyLiveState, snapshot({}), AT);
    const glance = { id: 1, name: "\u552e\u540e", name_en: "Service", waiting: 2, agents_ready: 0 };
    const next = applyMessage(
      first,
      { type: "update", now: "2026-11-21T06:00:00Z", number: 2, queues: [glance] },
      AT,
    );
    expect(next.board).toBeNull();
    expect(next.queues).toEqual([glance]);
  });
});
