import type { Change } from "../audit/model/changes";

/** By what the rows of a list are told apart: classes by their code, memberships by the agent. */
const KEYS = ["code", "agent", "after_s"] as const;

/** Names a step of the way to a value; `parent`: the step before it. */
export type StepWord = (step: string, parent: string | undefined) => string;

/** What differs, leaf by leaf; `word` names each step of the way to it. */
export function deepChanges(
  before: unknown,
  after: unknown,
  word: StepWord,
  way: readonly string[] = [],
): Change[] {
  const [old, now] = [keyed(before), keyed(after)];
  if (!old && !now) {
    const isSame = JSON.stringify(before ?? null) === JSON.stringify(after ?? null);
    if (isSame) return [];
    const field = way.map((step, place) => word(step, way[place - 1])).join(" · ");
    return [{ field, step: way.at(-1) ?? "", before, after }];
  }
  const steps = [...new Set([...Object.keys(old ?? {}), ...Object.keys(now ?? {})])];
  return steps.flatMap((step) => deepChanges(old?.[step], now?.[step], word, [...way, step]));
}

type Fields = Readonly<Record<string, unknown>>;

function keyed(value: unknown): Fields | null {
  if (Array.isArray(value)) {
    const rows = value.filter((row): row is Fields => typeof row === "object" && row !== null);
    const key = KEYS.find((name) => rows.length > 0 && rows.every((row) => row[name] !== undefined));
    if (rows.length < value.length || !key) return null;
    return Object.fromEntries(
      rows.map(({ [key]: name, ...row }) => [`${key === "agent" ? "#" : ""}${String(name)}`, row]),
    );
  }
  return typeof value === "object" && value !== null ? (value as Fields) : null;
}
