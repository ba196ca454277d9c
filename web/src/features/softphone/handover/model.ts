/** Who hears whom, told from the live row. Plain functions. */
import type { ConsultRow, InteractionRow } from "@/live/messages";

export type PartyState = "with" | "music" | "ringing" | "joined";

/** How the customer and the second party stand to the agent who consults. */
export function partyStates(consult: ConsultRow): { customer: PartyState; second: PartyState } {
  switch (consult.stage) {
    case "ringing":
      return { customer: "music", second: "ringing" };
    case "talking":
      return { customer: "music", second: "with" };
    case "swapped":
      return { customer: "with", second: "music" };
    case "joined":
      return { customer: "joined", second: "joined" };
  }
}

/** Whether this agent leads the consultation of the contact, was asked into it, or has none. */
export function roleIn(row: InteractionRow, me: number | undefined): "leads" | "asked" | null {
  if (!row.consult || me === undefined) return null;
  if (row.consult.by_agent === me) return "leads";
  return row.consult.agent === me && row.consult.stage !== "ringing" ? "asked" : null;
}

/** Why the engine would refuse its agent a consultation from the desk; a transfer, or parking, it would not. */
export function whyNoConsult(row: InteractionRow): "heldOnTelephone" | null {
  return row.is_held_on_telephone ? "heldOnTelephone" : null; // it would neither say nor hear anything
}

/** Whether this agent, still in the call, has to be told that a consultation came to nothing. */
export function isToldInCall(row: InteractionRow, me: number): boolean {
  const failed = row.failed_handover;
  return !row.consult && failed?.how === "consult" && failed.by_agent === me;
}

/** Whether this agent, whose part is over, has to be told that the transfer came to nothing. */
export function isToldAfterwards(row: InteractionRow, me: number | undefined): boolean {
  const failed = row.failed_handover;
  return failed?.how === "transfer" && failed.by_agent === me;
}

/** Whether this agent serves a contact that a colleague handed on, or works what it left a note on itself. */
export function wasHandedTo(row: InteractionRow, me: number | undefined): boolean {
  if (me === undefined || row.agent !== me || row.from_agent === null) return false;
  return row.from_agent !== me || (isDeferred(row) && Boolean(row.note));
}

function isDeferred(row: InteractionRow): boolean {
  return Boolean(row.callback) || (row.medium ?? "voice") !== "voice";
}

/** The supervisor who went on with the customer in this agent's place, while the agent has no part in it again. */
export function takenOverBy(row: InteractionRow, me: number | undefined): number | null {
  if (row.agent === me) return null;
  return row.take_overs?.findLast(({ agent }) => agent === me)?.supervisor ?? null;
}

/** What an agent has to be told above a contact, the most pressing alone. */
export type Notice = "disconnected" | "takenOver" | "failed" | "handed";

export function noticeOf(row: InteractionRow, me: number | undefined): Notice | null {
  if (row.phase === "ended" && row.end_reason === "disconnected") return "disconnected";
  if (takenOverBy(row, me) !== null) return "takenOver";
  if (isToldAfterwards(row, me) && row.agent !== me) return "failed";
  if (wasHandedTo(row, me)) return "handed";
  return isToldAfterwards(row, me) ? "failed" : null;
}

/** The slot that somebody typed into the dial box, or null: slots are 701 to 799. */
export function slotOf(text: string): number | null {
  return /^7(0[1-9]|[1-9]\d)$/.test(text.trim()) ? Number(text) : null;
}
