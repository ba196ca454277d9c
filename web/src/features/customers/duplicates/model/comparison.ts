import type { Customer, Side } from "./queries";

export interface Difference {
  /** as the API takes it in `chosen` */
  field: string;
  kept: string;
  merged: string;
  /** what happens where nobody chooses */
  side: Side;
}

function textOf(value: unknown): string {
  if (value === null || value === undefined || value === "unknown") return "";
  if (typeof value === "object") {
    const { year, month, day } = value as { year?: number | null; month?: number; day?: number };
    if (month && day) return [year, month, day].filter(Boolean).join("-");
    return Array.isArray(value) ? value.join(", ") : "";
  }
  return String(value);
}

function shownValue(customer: Customer, field: string): string {
  if (field === "owner_id") return customer.owner?.name ?? "";
  if (field.startsWith("custom.")) return textOf(customer.custom[field.slice("custom.".length)]);
  return textOf((customer as unknown as Record<string, unknown>)[field]);
}

/** The fields in which the two differ; where the kept one has nothing, the other's value is proposed. */
export function findDifferences(kept: Customer, merged: Customer, fields: readonly string[]): Difference[] {
  const custom = new Set([...Object.keys(kept.custom), ...Object.keys(merged.custom)]);
  return [...fields, ...[...custom].sort().map((code) => `custom.${code}`)]
    .map((field) => {
      const values = { kept: shownValue(kept, field), merged: shownValue(merged, field) };
      return { field, ...values, side: values.kept === "" ? ("merged" as const) : ("kept" as const) };
    })
    .filter(({ kept: one, merged: other }) => one !== other);
}

/** What is sent: only what differs from what would happen anyway. */
export function toChosen(
  differences: readonly Difference[],
  choices: Record<string, Side>,
): Record<string, Side> {
  return Object.fromEntries(
    differences
      .map(({ field, side }) => [field, choices[field] ?? side] as const)
      .filter(([field, side]) => differences.find((each) => each.field === field)?.side !== side),
  );
}
