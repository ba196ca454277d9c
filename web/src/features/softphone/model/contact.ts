/** Which of the desk's contacts the telephone bar is about. Plain functions of the live rows. */
import type { AgentRow, AgentState, Colleague, InteractionRow, Phase } from "@/live/messages";
import { offerTo } from "@/live/offers";
import type { CallQuality } from "@/telephone/port";
import type { TelephoneCall } from "@/telephone/telephone";
import type { Tone } from "@/ui/StatusTag";

/** The contact that is being offered to this agent, or null. */
export function offeredTo(me: AgentRow | null, mine: readonly InteractionRow[]): InteractionRow | null {
  if (!me) return null;
  return mine.find((row) => offerTo(row, me.id)) ?? null;
}

/** The contact that occupies this agent: being dialled, talked in, held, transferred or wrapped up. */
export function currentOf(me: AgentRow | null, mine: readonly InteractionRow[]): InteractionRow | null {
  if (!me?.interaction) return null;
  const row = mine.find((each) => each.id === me.interaction);
  return row && !offerTo(row, me.id) ? row : null;
}

/** For me it is over, though the customer may be talking on with whom I transferred to. */
export function isWrappingUp(me: AgentRow | null, row: InteractionRow): boolean {
  return me?.state === "wrap_up" && me.interaction === row.id;
}

const LIVE_PHASES: readonly Phase[] = ["talking", "held", "dialling", "transferring"];

/** The call that this agent is in, or null: what the telephone bar is for. */
export function liveCallOf(me: AgentRow | null, mine: readonly InteractionRow[]): InteractionRow | null {
  const row = me?.state === "monitoring" ? null : currentOf(me, mine);
  if (!row || isWrappingUp(me, row)) return null;
  const isCalling = row.colleague === me?.id && row.phase !== "ended"; // rings a colleague, or waits in a line
  return isCalling || LIVE_PHASES.includes(row.phase) ? row : null;
}

/** The colleague's conversation that this supervisor is beside, or null. */
export function monitoredBy(me: AgentRow | null, mine: readonly InteractionRow[]): InteractionRow | null {
  return me?.state === "monitoring" ? currentOf(me, mine) : null;
}

/** The agent is in the call by the record, but no telephone of this browser is: after a reload, or a lost line. */
export function needsResume(me: AgentRow | null, row: InteractionRow | null, hasCall: boolean): boolean {
  if (hasCall || !me || !row || row.agent !== me.id) return false;
  return row.phase === "talking" || row.phase === "held";
}

const IN_CALL: readonly AgentState[] = [
  "reserved",
  "alerting",
  "dialling",
  "talking",
  "consulting",
  "hold",
  "monitoring",
  "lost",
];

/**
 * This telephone holds on to a call that no longer is: the agent is in none by the record, and not a packet comes.
 * So it is after Asterisk died, which cannot say goodbye any more. A test call sounds, so it is none of these.
 */
export function isStray(
  me: AgentRow | null,
  call: TelephoneCall | null,
  quality: CallQuality | null,
): boolean {
  if (!me || call?.phase !== "talking" || IN_CALL.includes(me.state)) return false;
  return quality !== null && quality.loss_pct >= 100;
}

export function toneOf(state: AgentState): Tone {
  switch (state) {
    case "ready":
      return "ready";
    case "reserved":
    case "alerting":
    case "lost":
      return "ring";
    case "dialling":
    case "talking":
    case "consulting":
    case "monitoring":
      return "talk";
    case "hold":
    case "wrap_up":
      return "acw";
    case "rest":
      return "break";
    case "not_ready":
    case "logged_out":
      return "off";
  }
}

const NEARNESS: readonly AgentState[] = [
  "ready",
  "wrap_up",
  "talking",
  "consulting",
  "hold",
  "dialling",
  "alerting",
  "reserved",
  "not_ready",
  "monitoring",
  "rest",
  "lost",
  "logged_out",
];

/** Colleagues to whom a call could go: whoever is ready first, those away last, by name within. Never oneself. */
export function forTransfer(
  colleagues: readonly Colleague[],
  me: number | undefined,
  search: string,
): Colleague[] {
  const wanted = search.trim().toLowerCase();
  return colleagues
    .filter((each) => each.id !== me && each.name.toLowerCase().includes(wanted))
    .sort(
      (a, b) =>
        NEARNESS.indexOf(a.state) - NEARNESS.indexOf(b.state) || a.name.localeCompare(b.name, "zh-CN"),
    );
}
