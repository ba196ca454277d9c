/** Rows for tests: a plausible default, the test's own words on top. */
import type { AgentRow, InteractionRow, SnapshotMessage } from "./messages";

export function agentRow(own: Partial<AgentRow>): AgentRow {
  return {
    id: 7,
    name: "Wang Min",
    state: "ready",
    reason: null,
    since: "2026-11-21T06:00:00Z",
    interaction: null,
    until: null,
    next_state: null,
    next_reason: null,
    telephone: "browser",
    telephone_state: "ok",
    ...own,
  };
}

export function interactionRow(own: Partial<InteractionRow>): InteractionRow {
  return {
    id: "i1",
    phase: "talking",
    direction: "inbound",
    customer_number: "138****5678",
    entry: "4008001234",
    queue: 1,
    path: ["1"],
    started_at: "2026-11-21T06:00:00Z",
    queued_at: null,
    answered_at: "2026-11-21T06:00:20Z",
    ended_at: null,
    agent: 7,
    held_since: null,
    offers: [],
    is_recording: true,
    end_reason: null,
    transfer_to: null,
    monitors: [],
    consult: null,
    parked: null,
    from_agent: null,
    note: null,
    data: {},
    colleague: null,
    called: null,
    wait_p50_s: null,
    wait_p90_s: null,
    estimated_at: null,
    ...own,
  };
}

export function snapshot(own: Partial<SnapshotMessage>): SnapshotMessage {
  return {
    type: "snapshot",
    now: "2026-11-21T06:00:00Z",
    number: 1,
    me: null,
    mine: [],
    board: null,
    colleagues: [],
    queues: [],
    parked: [],
    ...own,
  };
}
