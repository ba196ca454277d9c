import type { Change } from "../audit/model/changes";

/** By what the rows of a list are told apart: classes by their code, memberships by the agent. */
const KEYS = ["code", "agent", "after_s"] as const;

/** What differs, leaf by leaf; `word` names each step of the way to it. */
export function deepChanges(
  before: unknown,
  after: unknown,
  word: (step: string) => string,
  way: readonly string[] = [],
): Change[] {
  const [old, now] = [keyed(before), keyed(after)];
  if (!old && !now) {
    const isSame = JSON.stringify(before ?? null) === JSON.stringify(after ?? null);
    return isSame ? [] : [{ field: way.map(word).join(" · "), before: shown(before), after: shown(after) }];
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

/** A list that is empty is nothing; false and 0 are told. */
function shown(value: unknown): unknown {
  return Array.isArray(value) && value.length === 0 ? undefined : value;
}
