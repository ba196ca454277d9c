/** What a lead may do to a contact that waits, and by which key. */
import type { InteractionRow } from "@/live/messages";

export const acts = ["assign", "requeue", "priority", "pull", "end"] as const;
export type Act = (typeof acts)[number];

/** Of the row that has the focus: one letter, no modifier. */
export const ACT_KEYS: Record<Act, string> = {
  assign: "a",
  requeue: "q",
  priority: "p",
  pull: "t",
  end: "e",
};

export interface Rights {
  mayIntervene: boolean;
  mayPull: boolean;
}

/** The acts that this reader may do to it; none once somebody has it. */
export function actsFor(row: InteractionRow, { mayIntervene, mayPull }: Rights): Act[] {
  if (row.phase !== "waiting" && row.phase !== "offered") return [];
  return acts.filter((act) => (act === "pull" ? mayPull : mayIntervene));
}

export function actOfKey(key: string): Act | undefined {
  return acts.find((act) => ACT_KEYS[act] === key.toLowerCase());
}
