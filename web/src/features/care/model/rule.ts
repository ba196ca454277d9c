import type { CareRule, CareRuleBody, Occasion } from "./queries";

/** Occasions that go by a date which the rule names. */
export const DATED: ReadonlySet<Occasion> = new Set<Occasion>(["anniversary", "before_date", "after_date"]);
/** Due before their day; all others after it. */
export const BEFORE: ReadonlySet<Occasion> = new Set<Occasion>(["birthday", "anniversary", "before_date"]);

export const OUTCOMES = {
  after_contact: ["answered", "abandoned", "overflowed", "self_service", "not_reached"],
  after_follow_up: ["reached", "not_reached", "refused"],
} as const;

/** The fields of the drawer: as the API takes them, times as "09:00". */
export type RuleValues = Omit<CareRuleBody, "who"> & { who?: Partial<CareRuleBody["who"]> };

export const NEW_RULE: Partial<RuleValues> = {
  occasion: "birthday",
  days: 0,
  how: "call",
  purpose: "service",
  assignment: "owner",
  from_time: "09:00",
  until_time: "18:00",
  daily_limit: 200,
  max_attempts: 3,
  is_active: false,
  who: {},
};

export function valuesOf(rule: CareRule): Partial<RuleValues> {
  return {
    ...rule,
    who: rule.who ?? {},
    from_time: rule.from_time?.slice(0, 5) ?? "09:00",
    until_time: rule.until_time?.slice(0, 5) ?? "18:00",
  };
}

/** What is sent: only what the occasion goes by, nothing left over from another one that was tried. */
export function bodyFrom(values: RuleValues): CareRuleBody {
  const { occasion, who } = values;
  const isAfterContact = occasion === "after_contact";
  return {
    ...values,
    date_field: DATED.has(occasion) ? (values.date_field ?? "") : "",
    days: values.days ?? 0,
    queues: isAfterContact ? (values.queues ?? []) : [],
    dispositions: isAfterContact ? (values.dispositions ?? []) : [],
    outcomes: isAfterContact || occasion === "after_follow_up" ? (values.outcomes ?? []) : [],
    who: {
      kind: who?.kind ?? "",
      levels: who?.levels ?? [],
      classes: who?.classes ?? [],
      tags: who?.tags ?? [],
      owners: who?.owners ?? [],
      teams: who?.teams ?? [],
      list: who?.list ?? "",
      is_key_account: who?.is_key_account ?? null,
    },
    needs_consent: values.needs_consent ?? false,
    script: values.script ?? "",
    team_id: values.team_id ?? null,
    begins_on: values.begins_on || null,
  };
}
