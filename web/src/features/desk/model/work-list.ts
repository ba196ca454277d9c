import type { InteractionRow, Phase } from "@/live/messages";

const URGENCY: readonly Phase[] = [
  "offered",
  "talking",
  "held",
  "dialling",
  "transferring",
  "ended",
  "waiting",
  "flow",
];

/** My contacts as the list shows them: what rings first, then what is talked in, then what waits for its wrap-up. */
export function inOrder(mine: readonly InteractionRow[]): InteractionRow[] {
  return [...mine].sort(
    (a, b) => URGENCY.indexOf(a.phase) - URGENCY.indexOf(b.phase) || a.started_at.localeCompare(b.started_at),
  );
}

/** The contact after or before `shown` in the list, round the end; null in an empty list. */
export function neighbour(
  mine: readonly InteractionRow[],
  shown: string | undefined,
  step: 1 | -1,
): string | null {
  const ids = inOrder(mine).map((row) => row.id);
  if (ids.length === 0) return null;
  const at = shown === undefined ? -1 : ids.indexOf(shown);
  if (at < 0) return ids[step > 0 ? 0 : ids.length - 1] ?? null;
  return ids[(at + step + ids.length) % ids.length] ?? null;
}

/** Since when the time beside a row counts: what matters of each phase. */
export function countsSince(row: InteractionRow): string {
  if (row.phase === "held") return row.held_since ?? row.started_at;
  if (row.phase === "ended") return row.ended_at ?? row.started_at;
  if (row.phase === "offered" || row.phase === "waiting") return row.queued_at ?? row.started_at;
  return row.answered_at ?? row.started_at;
}
