import { describe, expect, it } from "vitest";
import type { QueueRow } from "@/live/messages";
import { addUp, formatShare, promised, urgencyOf } from "./figures";

function queueRow(own: Partial<QueueRow>): QueueRow {
  return {
    id: 1,
    name: "Service",
    name_en: "Service",
    waiting: 0,
    oldest_queued_at: null,
    agents_signed_in: 0,
    agents_ready: 0,
    offered: 0,
    answered: 0,
    abandoned: 0,
    answered_in_target: 0,
    service_level_s: 20,
    service_level_pct: null,
    answer_rate_pct: null,
    average_speed_of_answer_s: null,
    wait_p50_s: null,
    wait_p90_s: null,
    estimates: 0,
    kept_p50_pct: null,
    kept_p90_pct: null,
    talk_s: 0,
    wrap_up_s: 0,
    ...own,
  };
}

describe("addUp", () => {
  it("gives one queue the very figures that the server sent", () => {
    const row = queueRow({
      waiting: 2,
      offered: 12,
      answered: 8,
      abandoned: 1,
      answered_in_target: 6,
      service_level_pct: 60,
      answer_rate_pct: 80,
      average_speed_of_answer_s: 14.5,
    });
    expect(addUp([row])).toMatchObject({
      service_level_pct: row.service_level_pct,
      answer_rate_pct: row.answer_rate_pct,
      average_speed_of_answer_s: row.average_speed_of_answer_s,
      lost: 2,
    });
  });

  it("weighs means by contacts and makes shares of sums", () => {
    const big = queueRow({
      offered: 90,
      answered: 90,
      answered_in_target: 90,
      average_speed_of_answer_s: 10,
    });
    const small = queueRow({ id: 2, offered: 10, answered: 10, average_speed_of_answer_s: 110 });
    expect(addUp([big, small])).toMatchObject({ service_level_pct: 90, average_speed_of_answer_s: 20 });
  });

  it("says nothing where nothing is over yet", () => {
    expect(addUp([queueRow({ waiting: 3, offered: 3 })])).toMatchObject({
      service_level_pct: null,
      answer_rate_pct: null,
      average_speed_of_answer_s: null,
    });
    expect(formatShare(null)).toBe("–");
  });

  it("finds the longest wait whatever the instants' notation, and no common target where they differ", () => {
    const added = addUp([
      queueRow({ oldest_queued_at: "2026-11-21T14:00:00+08:00", service_level_s: 20 }),
      queueRow({ id: 2, oldest_queued_at: "2026-11-21T05:59:59Z", service_level_s: 30 }),
    ]);
    expect(added.oldest_queued_at).toBe("2026-11-21T05:59:59Z");
    expect(added.service_level_s).toBeNull();
  });

  it("counts an agent of two queues once when told so", () => {
    const rows = [queueRow({ agents_ready: 3 }), queueRow({ id: 2, agents_ready: 3 })];
    expect(addUp(rows, { agents_signed_in: 4, agents_ready: 3 })).toMatchObject({
      agents_signed_in: 4,
      agents_ready: 3,
    });
  });
});

it.each([
  [20, 20, "calm"],
  [21, 20, "late"],
  [60, 20, "late"],
  [61, 20, "alarming"],
  [59, 5, "late"],
])("calls a wait of %i s with a target of %i s %s", (wait_s, target_s, urgency) => {
  expect(urgencyOf(wait_s, target_s)).toBe(urgency);
});

describe("a promised wait", () => {
  it("goes from its middle to its upper bound, and is nothing where nothing is promised", () => {
    expect(promised(queueRow({ wait_p50_s: 90.4, wait_p90_s: 240 }))).toBe("01:30–04:00");
    expect(promised(queueRow({}))).toBeNull();
  });
});
