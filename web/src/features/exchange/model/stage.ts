import type { Import } from "./queries";

/** Where an import stands in the wizard: 0 file, 1 columns, 2 dry run, 3 result. */
export function stageOf(found: Pick<Import, "state"> | undefined): 0 | 1 | 2 | 3 {
  if (!found) return 0;
  switch (found.state) {
    case "mapping":
    case "failed":
      return 1;
    case "checking":
    case "checked":
      return 2;
    default:
      return 3;
  }
}

export function isWorking(found: Pick<Import, "state"> | undefined): boolean {
  return found !== undefined && ["checking", "running", "undoing"].includes(found.state);
}

/** How far the work at hand is, in per cent; while the file is still being read nobody knows. */
export function percentDone(found: Pick<Import, "state" | "total" | "finished" | "counts">): number {
  const all =
    found.state === "undoing" ? (found.counts.created ?? 0) + (found.counts.changed ?? 0) : found.total;
  return all === 0 ? 0 : Math.min(100, Math.floor((100 * found.finished) / all));
}

/** What the run will do with rows: make, change. */
export function rowsToDo(counts: Import["counts"]): number {
  return (counts.created ?? 0) + (counts.changed ?? 0);
}

/** Fields that must have a column and have none. */
export function missingFields<Field extends { code: string; is_required: boolean }>(
  fields: readonly Field[],
  mapping: Record<string, string>,
): Field[] {
  const assigned = new Set(Object.values(mapping));
  return fields.filter((field) => field.is_required && !assigned.has(field.code));
}

/** Give a column to a field ("" = to none); the column that had it before loses it. */
export function assign(
  mapping: Record<string, string>,
  place: number,
  field: string,
): Record<string, string> {
  const others = Object.entries(mapping).filter(([at, code]) => at !== String(place) && code !== field);
  return Object.fromEntries(field === "" ? others : [...others, [String(place), field]]);
}
