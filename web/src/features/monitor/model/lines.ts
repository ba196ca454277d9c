/** Who waits, and who talks. */
import type { InteractionRow } from "@/live/messages";

export const waitOrders = ["longest", "place", "queue"] as const;
export type WaitOrder = (typeof waitOrders)[number];
export const media = ["voice", "callback", "voicemail"] as const;
export type Medium = (typeof media)[number];

/** A contact in line, and how many stand before it in its queue. */
export interface InLine {
  row: InteractionRow;
  before: number;
}

/** Since when its wait counts. */
export function startOfWait(row: InteractionRow): number {
  return Date.parse(row.waits_since ?? row.queued_at ?? row.started_at);
}

/** Contacts in a waiting line with their places; those being offered to an agent among them. */
export function waitingOf(
  rows: readonly InteractionRow[],
  queue: number | undefined,
  {
    order = "longest",
    medium,
    now_ms = 0,
  }: { order?: WaitOrder | undefined; medium?: Medium | undefined; now_ms?: number } = {},
): InLine[] {
  const before = new Map<number, number>();
  const byPlace = rows
    .filter((row) => row.phase === "waiting" || row.phase === "offered")
    .sort((a, b) => claimOf(b, now_ms) - claimOf(a, now_ms) || byWait(a, b))
    .map((row) => {
      const ahead = before.get(row.queue ?? 0) ?? 0;
      before.set(row.queue ?? 0, ahead + 1);
      return { row, before: ahead };
    });
  const orders: Record<WaitOrder, (a: InLine, b: InLine) => number> = {
    longest: (a, b) => byWait(a.row, b.row),
    place: (a, b) => a.before - b.before || byWait(a.row, b.row),
    queue: (a, b) => (a.row.queue ?? 0) - (b.row.queue ?? 0) || a.before - b.before,
  };
  return byPlace
    .filter(({ row }) => queue === undefined || row.queue === queue)
    .filter(({ row }) => medium === undefined || (row.medium ?? "voice") === medium)
    .sort(orders[order]);
}

/** By what it comes before others, as the engine reckons it: docs/decisions/0048. */
function claimOf(row: InteractionRow, now_ms: number): number {
  const [base, per_s, top] = row.claim ?? [row.priority ?? 0, 0, null];
  const claim = base + (per_s * (now_ms - startOfWait(row))) / 1000;
  return top === null ? claim : Math.min(claim, top);
}

function byWait(a: InteractionRow, b: InteractionRow): number {
  return startOfWait(a) - startOfWait(b) || a.id.localeCompare(b.id);
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

/** The contacts whose telephone node is out of sight, and since when. */
export function unseenOf(rows: readonly InteractionRow[]): ReadonlyMap<string, string> {
  return new Map(rows.flatMap((row) => (row.unseen_since ? [[row.id, row.unseen_since]] : [])));
}

function beganAt(row: InteractionRow): number {
  return Date.parse(row.answered_at ?? row.started_at);
}
