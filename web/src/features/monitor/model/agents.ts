/** Which agents the lead's page shows, in which order. */
import type { AgentRow, AgentState } from "@/live/messages";

/** What the page filters by: a state, or several that mean the same to a lead. */
export const stateGroups = {
  signed_in: [
    "not_ready",
    "rest",
    "ready",
    "reserved",
    "alerting",
    "dialling",
    "talking",
    "consulting",
    "hold",
    "monitoring",
    "wrap_up",
    "lost",
  ],
  ready: ["ready"],
  ringing: ["reserved", "alerting"],
  talking: ["dialling", "talking", "consulting", "hold", "monitoring"],
  wrap_up: ["wrap_up"],
  not_ready: ["not_ready"],
  rest: ["rest"],
  lost: ["lost"],
  logged_out: ["logged_out"],
} as const satisfies Record<string, readonly AgentState[]>;

export type StateGroup = keyof typeof stateGroups;
export const stateGroupNames = Object.keys(stateGroups) as StateGroup[];

export const agentOrders = ["longest", "state", "name"] as const;
export type AgentOrder = (typeof agentOrders)[number];

export function isInGroup(row: AgentRow, group: StateGroup): boolean {
  return (stateGroups[group] as readonly AgentState[]).includes(row.state);
}

/** How many agents stand in each group. */
export function countGroups(rows: readonly AgentRow[]): Record<StateGroup, number> {
  const counts = Object.fromEntries(stateGroupNames.map((name) => [name, 0])) as Record<StateGroup, number>;
  for (const row of rows) for (const name of stateGroupNames) if (isInGroup(row, name)) counts[name] += 1;
  return counts;
}

const stateRank = new Map<AgentState, number>(
  (
    [
      "lost",
      "alerting",
      "reserved",
      "ready",
      "talking",
      "consulting",
      "hold",
      "monitoring",
      "dialling",
      "wrap_up",
      "not_ready",
      "rest",
      "logged_out",
    ] as const
  ).map((state, rank) => [state, rank]),
);

function bySince(a: AgentRow, b: AgentRow): number {
  return (
    (a.since ? Date.parse(a.since) : Number.POSITIVE_INFINITY) -
      (b.since ? Date.parse(b.since) : Number.POSITIVE_INFINITY) || a.id - b.id
  );
}

const collator = new Intl.Collator("zh-CN", { numeric: true });

const comparers: Record<AgentOrder, (a: AgentRow, b: AgentRow) => number> = {
  longest: bySince,
  state: (a, b) => (stateRank.get(a.state) ?? 0) - (stateRank.get(b.state) ?? 0) || bySince(a, b),
  name: (a, b) => collator.compare(a.name, b.name) || a.id - b.id,
};

export interface AgentFilter {
  group: StateGroup;
  order: AgentOrder;
  search: string;
}

/** The agents to show. Ties go to the lower id, so that rows do not jump while nothing changes. */
export function chooseAgents(rows: readonly AgentRow[], filter: AgentFilter): AgentRow[] {
  const wanted = filter.search.trim().toLowerCase();
  return rows
    .filter((row) => isInGroup(row, filter.group) && row.name.toLowerCase().includes(wanted))
    .sort(comparers[filter.order]);
}
