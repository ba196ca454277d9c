/** What the present tells of a test call. Pure. */
import type { InteractionRow } from "@/live/messages";

export type TestCallStage = "nothing" | "flow" | "waiting" | "ringing" | "talking" | "ended";

/** How far the newest inbound call to one of `entries` has come; a call that is over shows as "ended" while it is known. */
export function stageOf(rows: readonly InteractionRow[], entries: readonly string[]): TestCallStage {
  const calls = rows.filter(
    (row) => row.direction === "inbound" && row.entry !== null && entries.includes(row.entry),
  );
  const newest = calls.reduce<InteractionRow | null>(
    (best, row) => (best === null || row.started_at > best.started_at ? row : best),
    null,
  );
  if (newest === null) return "nothing";
  switch (newest.phase) {
    case "flow":
      return "flow";
    case "waiting":
      return "waiting";
    case "offered":
      return "ringing";
    case "ended":
      return "ended";
    default:
      return "talking";
  }
}
