/** Today's figures of one queue or of several together. The same definitions as zhiyin/domain/metrics/definitions.py. */
import { formatDuration } from "@/lib/time";
import type { QueueRow } from "@/live/messages";

export interface Figures {
  waiting: number;
  oldest_queued_at: string | null;
  agents_signed_in: number;
  agents_ready: number;
  offered: number;
  answered: number;
  abandoned: number;
  /** Asked for an agent and was not connected: abandoned, or sent away by rule. */
  lost: number;
  answer_rate_pct: number | null;
  service_level_pct: number | null;
  /** The target of the service level; null where the queues' targets differ. */
  service_level_s: number | null;
  average_speed_of_answer_s: number | null;
  talk_s: number;
  wrap_up_s: number;
}

function sum(rows: readonly QueueRow[], of: (row: QueueRow) => number): number {
  return rows.reduce((total, row) => total + of(row), 0);
}

function share_pct(part: number, whole: number): number | null {
  return whole > 0 ? (100 * part) / whole : null;
}

/**
 * Add queues up. Shares and means are made of the sums, never of the queues' own shares. Agents who serve several
 * queues would count several times, so `agentsOnce` gives their numbers where more than one queue is added.
 */
export function addUp(
  rows: readonly QueueRow[],
  agentsOnce?: { agents_signed_in: number; agents_ready: number },
): Figures {
  const offered = sum(rows, (row) => row.offered);
  const answered = sum(rows, (row) => row.answered);
  const waiting = sum(rows, (row) => row.waiting);
  const over = offered - waiting;
  const oldest = rows.map((row) => row.oldest_queued_at).filter((at) => at !== null);
  const targets = new Set(rows.map((row) => row.service_level_s));
  const [target] = targets;
  return {
    waiting,
    oldest_queued_at: oldest.sort((a, b) => Date.parse(a) - Date.parse(b))[0] ?? null,
    agents_signed_in: agentsOnce?.agents_signed_in ?? sum(rows, (row) => row.agents_signed_in),
    agents_ready: agentsOnce?.agents_ready ?? sum(rows, (row) => row.agents_ready),
    offered,
    answered,
    abandoned: sum(rows, (row) => row.abandoned),
    lost: over - answered,
    answer_rate_pct: share_pct(answered, over),
    service_level_pct: share_pct(
      sum(rows, (row) => row.answered_in_target),
      over,
    ),
    service_level_s: targets.size === 1 && target !== undefined ? target : null,
    average_speed_of_answer_s:
      answered > 0
        ? sum(rows, (row) => (row.average_speed_of_answer_s ?? 0) * row.answered) / answered
        : null,
    talk_s: sum(rows, (row) => row.talk_s),
    wrap_up_s: sum(rows, (row) => row.wrap_up_s),
  };
}

/** "83.4%", or a dash before there is anything to divide. */
export function formatShare(share: number | null): string {
  return share === null ? "–" : `${share.toFixed(1)}%`;
}

/** How urgent a wait is: within the queue's target, past it, or past three times of it (a minute at least). */
export function urgencyOf(wait_s: number, target_s: number): "calm" | "late" | "alarming" {
  if (wait_s <= target_s) return "calm";
  return wait_s <= Math.max(60, 3 * target_s) ? "late" : "alarming";
}

/** A promised wait, from its middle to its upper bound: "1:30–4:00"; null where nothing is promised. */
export function promised(row: { wait_p50_s: number | null; wait_p90_s: number | null }): string | null {
  if (row.wait_p50_s === null || row.wait_p90_s === null) return null;
  return `${formatDuration(Math.round(row.wait_p50_s))}–${formatDuration(Math.round(row.wait_p90_s))}`;
}
