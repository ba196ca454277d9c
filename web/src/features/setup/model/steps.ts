/** The steps of setting a centre up. Done is what there is, not what was clicked: so it can be left and resumed anywhere. Pure. */
import type { Flow, Hours, PhoneNumber, Queue, User } from "@/features/admin";

export const STEPS = ["line", "hours", "queue", "agents", "flow", "test"] as const;
export type StepName = (typeof STEPS)[number];

export interface Facts {
  numbers: readonly Pick<PhoneNumber, "flow_id">[];
  hours: readonly Pick<Hours, "id">[];
  queues: readonly Pick<Queue, "members">[];
  users: readonly Pick<User, "id" | "is_active">[];
  flows: readonly Pick<Flow, "id" | "version">[];
  /** somebody has called */
  hasContact: boolean;
}

/** Which steps are done. */
export function stepsDone(facts: Facts): Record<StepName, boolean> {
  const active = new Set(facts.users.filter(({ is_active }) => is_active).map(({ id }) => id));
  const published = new Set(facts.flows.filter(({ version }) => version > 0).map(({ id }) => id));
  return {
    line: facts.numbers.length > 0,
    hours: facts.hours.length > 0,
    queue: facts.queues.length > 0,
    agents: facts.queues.some(({ members }) => members.some((member) => active.has(member))),
    flow: facts.numbers.some(({ flow_id }) => published.has(flow_id)),
    test: facts.hasContact,
  };
}

/** The step to show first: the first one that is not done; null when all are. */
export function nextStep(done: Readonly<Record<StepName, boolean>>): StepName | null {
  return STEPS.find((name) => !done[name]) ?? null;
}
