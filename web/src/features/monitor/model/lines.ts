/** Who waits, and who talks. */
import type { InteractionRow } from "@/live/messages";

function startOfWait(row: InteractionRow): number {
  return Date.parse(row.queued_at ?? row.started_at);
}

/** Contacts in a waiting line, whoever waits longest first; those being offered to an agent among them. */
export function waitingOf(rows: readonly InteractionRow[], queue: number | undefined): InteractionRow[] {
  return rows
    .filter(
      (row) =>
        (row.phase === "waiting" || row.phase === "offered") && (queue === undefined || row.queue === queue),
    )
    .sort((a, b) => startOfWait(a) - startOfWait(b) || a.id.localeCompare(b.id));
}

/** What goes on now, the longest first: with an agent, then in automatic service. */
export function conversationsOf(
  rows: readonly InteractionRow[],
  queue: number | undefined,
): InteractionRow[] {
  return rows
    .filter(
      (row) =>
        row.phase !== "waiting" &&
        row.phase !== "offered" &&
        row.phase !== "ended" &&
        (queue === undefined || row.queue === queue),
    )
    .sort(
      (a, b) =>
        Number(a.phase === "flow") - Number(b.phase === "flow") ||
        beganAt(a) - beganAt(b) ||
        a.id.localeCompare(b.id),
    );
}

function beganAt(row: InteractionRow): number {
  return Date.parse(row.answered_at ?? row.started_at);
}
