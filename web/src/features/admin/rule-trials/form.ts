import type { Queue } from "../model/api";
import type { QueueDraft, RuleTrial, TrialBody } from "./api";

/** What of a queue a draft may change. */
export const QUEUE_FIELDS = ["agent_choice", "rings", "weight", "preference", "memberships"] as const;
export type QueueField = (typeof QUEUE_FIELDS)[number];

/** One queue in the form: which fields are to be different, and each field's value whether it is or not. */
export interface QueueRow extends Omit<QueueDraft, "id"> {
  id?: number;
  fields: QueueField[];
}

export interface TrialForm extends Omit<TrialBody, "changes"> {
  queues: QueueRow[];
  classes: NonNullable<NonNullable<TrialBody["changes"]>["classes"]>;
  contact_choice: NonNullable<TrialBody["changes"]>["contact_choice"];
}

export const NEW_TRIAL: TrialForm = {
  name: "",
  share_pct: 10,
  least_contacts: 50,
  drop_pct: 10,
  wait_p90_s: null,
  score_drop_pct: 10,
  queues: [],
  classes: [],
  contact_choice: null,
};

export function toForm(trial: RuleTrial): TrialForm {
  const { name, share_pct, least_contacts, drop_pct, wait_p90_s, score_drop_pct, changes } = trial;
  return {
    name,
    share_pct,
    least_contacts,
    drop_pct,
    wait_p90_s,
    score_drop_pct,
    queues: (changes.queues ?? []).map((draft) => ({ ...draft, fields: fieldsOf(draft) })),
    classes: changes.classes ?? [],
    contact_choice: changes.contact_choice ?? null,
  };
}

/** Return what of a queue the draft changes. */
export function fieldsOf(draft: QueueDraft): QueueField[] {
  return QUEUE_FIELDS.filter((field) => draft[field] !== undefined && draft[field] !== null);
}

/** The body: of each queue only what is to be different; a queue of which nothing is said is left out. */
export function toBody(form: TrialForm): TrialBody {
  const { queues, classes, contact_choice, ...rest } = form;
  return {
    ...rest,
    changes: {
      queues: (queues ?? [])
        .filter((row): row is QueueRow & { id: number } => row.id !== undefined)
        .map((row) => ({
          id: row.id,
          ...Object.fromEntries((row.fields ?? []).map((field) => [field, row[field]])),
        })) as QueueDraft[],
      classes: classes ?? [],
      contact_choice: contact_choice ?? null,
    },
  };
}

/** What stands in the queue now: a draft begins with it. */
export function presentOf(queue: Queue): Pick<Queue, QueueField> {
  const { agent_choice, rings, weight, preference, memberships } = queue;
  return { agent_choice, rings, weight, preference, memberships };
}
