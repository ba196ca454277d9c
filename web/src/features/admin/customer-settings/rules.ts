/** The rules of classes while they are typed. Pure. */
import type { ClassDraft, Condition } from "./resources";

export const words = ["kind", "type", "service", "credit_rating"] as const;
export const amounts = ["monthly_value", "credit_limit", "arrears"] as const;

export function isAmount(field: Condition["field"] | undefined): boolean {
  return amounts.some((each) => each === field);
}

/** What is typed as the API takes it; null while something is missing. */
export function toDrafts(typed: readonly Partial<ClassDraft>[]): ClassDraft[] | null {
  const drafts = typed.map(toDraft);
  return drafts.every((draft) => draft !== null) ? drafts : null;
}

function toDraft(typed: Partial<ClassDraft>): ClassDraft | null {
  const conditions = (typed.conditions ?? []).map(toCondition);
  const name = typed.name?.trim();
  if (!name || !conditions.every((condition) => condition !== null)) return null;
  return {
    id: typed.id ?? null,
    name,
    name_en: typed.name_en ?? "",
    colour: typed.colour ?? "blue",
    conditions,
  };
}

function toCondition(typed: Partial<Condition> | undefined): Condition | null {
  if (!typed?.field) return null;
  if (isAmount(typed.field)) {
    const test = typed.test === "at_most" ? "at_most" : "at_least";
    const amount = typed.amount ?? null;
    return amount === null || amount === "" ? null : { field: typed.field, test, amount, values: [] };
  }
  const values = typed.values ?? [];
  return values.length === 0 ? null : { field: typed.field, test: "is_any", values, amount: null };
}
