/** What a lead is to decide about rests: pure. */
import type { AgentRow, RestRow } from "@/live/messages";

export type RestingAgent = AgentRow & { rest: RestRow };

function hasRest(row: AgentRow): row is RestingAgent {
  return row.rest != null;
}

/** Who asks a lead, the first to ask first. */
export function requestsOf(rows: readonly AgentRow[]): RestingAgent[] {
  return rows
    .filter(hasRest)
    .filter(({ rest }) => rest.stage === "asked")
    .sort((a, b) => Date.parse(a.rest.asked_at) - Date.parse(b.rest.asked_at) || a.id - b.id);
}

/** Whose rest is longer than planned, the longest over first. */
export function overrunsOf(rows: readonly AgentRow[]): RestingAgent[] {
  return rows
    .filter(hasRest)
    .filter(({ state, rest }) => state === "rest" && rest.is_overrun)
    .sort((a, b) => Date.parse(a.rest.until ?? "") - Date.parse(b.rest.until ?? "") || a.id - b.id);
}
