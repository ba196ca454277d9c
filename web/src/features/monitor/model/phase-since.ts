import type { InteractionRow } from "@/live/messages";

/** Since when its phase lasts, as far as the row tells: in its slot, on hold, in the conversation, in the house. */
export function phaseSince(row: InteractionRow): string {
  return row.parked?.parked_at ?? row.held_since ?? row.answered_at ?? row.started_at;
}
