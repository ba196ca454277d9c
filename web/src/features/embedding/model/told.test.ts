import { expect, it } from "vitest";
import { agentRow, interactionRow } from "@/live/builders";
import type { AgentRow, InteractionRow } from "@/live/messages";
import type { ToldState } from "./protocol";
import { eventsBetween, nothingTold, tellState } from "./told";

const offer = {
  offer: "o1",
  agent: 7,
  offered_at: "2026-11-21T06:00:00Z",
  expires_at: "2026-11-21T06:00:20Z",
};
const queues = [{ id: 1, name: "售后", name_en: "After-sales", waiting: 0, agents_ready: 1 }];

function tell(me: Partial<AgentRow> | null, row?: Partial<InteractionRow>): ToldState {
  return tellState({
    me: me && agentRow({ interaction: row ? "i1" : null, ...me }),
    mine: row ? [interactionRow(row)] : [],
    queues,
    can_talk: true,
    is_muted: false,
    language: "en",
  });
}

const idle = tell({ state: "ready" });
const ringing = tell({ state: "alerting" }, { phase: "offered", agent: null, offers: [offer] });
const talking = tell({ state: "talking" }, { phase: "talking" });
const held = tell({ state: "hold" }, { phase: "held" });
const dialling = tell({ state: "dialling" }, { phase: "dialling", direction: "outbound" });
const wrappingUp = tell({ state: "wrap_up" }, { phase: "ended", ended_at: "2026-11-21T06:05:00Z" });

it("tells of a contact what the agent sees, and no more", () => {
  expect(ringing.phase).toBe("ringing");
  expect(ringing.contact).toEqual({
    id: "i1",
    direction: "inbound",
    number: "138****5678",
    entry: "4008001234",
    queue: { id: 1, name: "After-sales" },
    data: {},
    started_at: "2026-11-21T06:00:00Z",
  });
  expect(tell(null)).toEqual(nothingTold);
});

it.each<[string, ToldState[], string[]]>([
  [
    "a call that is taken",
    [idle, ringing, talking, wrappingUp, idle],
    ["call_ringing", "call_answered", "call_ended"],
  ],
  ["a call that is not", [idle, ringing, idle], ["call_ringing", "call_missed"]],
  ["hold", [talking, held, talking], ["call_held", "call_resumed"]],
  ["a call out", [idle, dialling, talking, wrappingUp], ["call_dialling", "call_answered", "call_ended"]],
  ["a call out that nobody takes", [idle, dialling, idle], ["call_dialling", "call_ended"]],
  [
    "another call at once",
    [talking, { ...ringing, contact: { ...ringing.contact, id: "i2" } } as ToldState],
    ["call_ended", "call_ringing"],
  ],
  ["a desk that opens in mid-call", [nothingTold, held], ["call_answered"]],
  ["nothing", [talking, talking], []],
])("tells %s in its order", (_, states, expected) => {
  const told = states.slice(1).flatMap((state, at) => eventsBetween(states[at] ?? nothingTold, state));
  expect(told.map(({ event }) => event).filter((event) => event !== "state_changed")).toEqual(expected);
});

it("tells new attached data, and the state after every change", () => {
  const withData = tell({ state: "talking" }, { phase: "talking", data: { order: "A-1" } });
  expect(eventsBetween(talking, withData).map(({ event }) => event)).toEqual([
    "call_data_changed",
    "state_changed",
  ]);
  expect(eventsBetween(idle, tell({ state: "rest", reason: "meal" })).map(({ event }) => event)).toEqual([
    "state_changed",
  ]);
});
