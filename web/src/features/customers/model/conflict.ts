/** Two people edited one customer: what each changed since both began, and what comes of their choices. Pure. */
import type { CustomerFields } from "./form";

/** A field of the form; of the company's own fields each one: "custom.CODE". */
export type FieldName = string;
export type Choice = "mine" | "theirs";

export interface Conflict {
  field: FieldName;
  mine: unknown;
  theirs: unknown;
}

const CUSTOM = "custom.";

function flat(fields: Partial<CustomerFields>): Map<FieldName, unknown> {
  const { custom = {}, ...own } = fields;
  return new Map([
    ...Object.entries(own),
    ...Object.entries(custom).map(([code, value]) => [`${CUSTOM}${code}`, value] as [string, unknown]),
  ]);
}

/** A value as it is compared: nothing is one thing, whether null, left out or empty. Numbers go by what is typed. */
function told(value: unknown): string {
  if (Array.isArray(value)) {
    const texts = value
      .map((each) => (isLine(each) ? each.typed.trim() : each))
      .filter((each) => each !== "");
    return texts.length === 0 ? "" : JSON.stringify(texts);
  }
  return value === null || value === undefined || value === "" ? "" : JSON.stringify(value);
}

function isLine(value: unknown): value is { typed: string } {
  return (
    typeof value === "object" && value !== null && typeof (value as { typed?: unknown }).typed === "string"
  );
}

/** The fields in which two states of the form differ. */
export function changedFields(before: Partial<CustomerFields>, after: Partial<CustomerFields>): FieldName[] {
  const [old, now] = [flat(before), flat(after)];
  return [...new Set([...old.keys(), ...now.keys()])].filter(
    (field) => now.has(field) && told(old.get(field)) !== told(now.get(field)),
  );
}

/** What both changed, and to something else. */
export function findConflicts(
  base: Partial<CustomerFields>,
  mine: Partial<CustomerFields>,
  theirs: Partial<CustomerFields>,
): Conflict[] {
  const [my, their] = [flat(mine), flat(theirs)];
  const elsewhere = new Set(changedFields(base, theirs));
  return changedFields(base, mine)
    .filter((field) => elsewhere.has(field) && told(my.get(field)) !== told(their.get(field)))
    .map((field) => ({ field, mine: my.get(field), theirs: their.get(field) }));
}

/** Theirs, with what was changed here put on it, but where theirs was chosen. Nothing else of mine is lost. */
export function joined(
  base: Partial<CustomerFields>,
  mine: CustomerFields,
  theirs: CustomerFields,
  choices: Readonly<Record<FieldName, Choice>>,
): CustomerFields {
  const result = { ...theirs, custom: { ...theirs.custom } };
  const my = flat(mine);
  for (const field of changedFields(base, mine)) {
    if (choices[field] === "theirs") continue;
    if (field.startsWith(CUSTOM)) result.custom[field.slice(CUSTOM.length)] = my.get(field);
    else Object.assign(result, { [field]: my.get(field) });
  }
  return result;
}
