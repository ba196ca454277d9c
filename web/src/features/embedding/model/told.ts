/** What the page around is told: the state as it is now, and the events that lead from one to the next. Plain functions. */
import { liveCallOf, offeredTo } from "@/features/softphone/model/contact";
import { localName } from "@/lib/names";
import type { AgentRow, InteractionRow, QueueGlance } from "@/live/messages";
import type { HostEvent, ToldContact, ToldState } from "./protocol";

export const nothingTold: ToldState = {
  agent: null,
  state: null,
  reason: null,
  next_state: null,
  since: null,
  can_talk: false,
  is_muted: false,
  contact: null,
  phase: null,
};

export interface Present {
  me: AgentRow | null;
  mine: readonly InteractionRow[];
  queues: readonly (QueueGlance | { id: number; name: string; name_en: string })[];
  can_talk: boolean;
  is_muted: boolean;
  language: string;
}

export function tellState({ me, mine, queues, can_talk, is_muted, language }: Present): ToldState {
  if (!me) return nothingTold;
  const offered = offeredTo(me, mine);
  const row = offered ?? liveCallOf(me, mine);
  const queue = queues.find((each) => each.id === row?.queue);
  return {
    agent: { id: me.id, name: me.name },
    state: me.state,
    reason: me.reason,
    next_state: me.next_state,
    since: me.since,
    can_talk,
    is_muted,
    contact: row && tellContact(row, queue ? { id: queue.id, name: localName(queue, language) } : null),
    phase: row && (offered ? "ringing" : phaseOf(row)),
  };
}

function tellContact(row: InteractionRow, queue: ToldContact["queue"]): ToldContact {
  return {
    id: row.id,
    direction: row.direction,
    number: row.customer_number,
    entry: row.entry,
    queue,
    data: row.data,
    started_at: row.started_at,
  };
}

/** One's own call to a colleague rings, or waits in a line: that is dialling, too. */
function phaseOf({ phase }: InteractionRow): ToldState["phase"] {
  return phase === "talking" || phase === "held" || phase === "transferring" ? phase : "dialling";
}

/** What happened between two states, in its order; the last says how everything is now. */
export function eventsBetween(before: ToldState, after: ToldState): HostEvent[] {
  if (JSON.stringify(before) === JSON.stringify(after)) return [];
  return [...callEvents(before, after), { event: "state_changed", state: after }];
}

function callEvents(before: ToldState, after: ToldState): HostEvent[] {
  const isSame = before.contact !== null && before.contact.id === after.contact?.id;
  if (!isSame)
    return [
      ...(before.contact ? [ending(before, before.contact)] : []),
      ...(after.contact ? [beginning(after, after.contact)] : []),
    ];
  if (!after.contact) return [];
  const { contact } = after;
  const hasNewData = JSON.stringify(before.contact?.data) !== JSON.stringify(contact.data);
  return [
    ...(hasNewData ? [{ event: "call_data_changed", contact } as const] : []),
    ...progress(before, after).map((event) => ({ event, contact })),
  ];
}

/** One that rang and was never taken was missed: refused, too late, or given up by the caller. */
function ending({ phase }: ToldState, contact: ToldContact): HostEvent {
  return { event: phase === "ringing" ? "call_missed" : "call_ended", contact };
}

function beginning({ phase }: ToldState, contact: ToldContact): HostEvent {
  if (phase === "ringing") return { event: "call_ringing", contact };
  return { event: phase === "dialling" ? "call_dialling" : "call_answered", contact };
}

function progress(before: ToldState, after: ToldState) {
  if (before.phase === after.phase) return [];
  if (after.phase === "held") return ["call_held"] as const;
  if (before.phase === "held" && after.phase === "talking") return ["call_resumed"] as const;
  if (after.phase === "ringing") return ["call_ringing"] as const; // handed back to its queue, and here again
  return after.phase === "talking" && before.phase !== "transferring" ? (["call_answered"] as const) : [];
}
