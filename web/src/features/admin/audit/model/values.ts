/** Values of changes in words: yes and no, choices, instants, opening hours, and names for ids. Pure. */
import { isTold } from "./changes";

export interface ValueWords {
  yes: string;
  no: string;
  /** of a day without opening hours */
  closed: string;
  and: string;
  colon: string;
  semicolon: string;
  /** what a field is called */
  field: (name: string) => string;
  /** what a choice or an id is called; undefined where it is neither */
  one: (field: string, value: string | number) => string | undefined;
  /** Monday is 0 */
  weekday: (day: number) => string;
  instant: (text: string) => string;
}

/** Where the words of a field's choices stand. */
export const CHOICES: Readonly<Record<string, string>> = {
  agent_choice: "routing:agentChoices",
  who: "routing:preferences",
  contact_choice: "routing:rules.choices",
  channel: "routing:channels",
  interrupts: "routing:channels",
  condition: "admin:overflow.conditions",
  action: "admin:overflow.actions",
  wrap_up_mode: "agent-life:wrapUp.modes",
  approval: "agent-life:rests.approvals",
};

const INSTANT = /^\d{4}-\d\d-\d\dT\d\d:\d\d/;
const DAY = /^\d{4}-\d\d-\d\d$/;

/** A value as one line; what no word is known for stands as it is. `field`: the last step of the way to it. */
export function toLine(value: unknown, field: string, words: ValueWords): string {
  if (DAY.test(field) && Array.isArray(value) && value.length === 0) return words.closed;
  if (!isTold(value)) return "";
  if (typeof value === "boolean") return value ? words.yes : words.no;
  if (typeof value === "string" || typeof value === "number") return oneWord(value, field, words);
  if (Array.isArray(value)) return toList(value, field, words);
  return Object.entries(value as object)
    .filter(([, each]) => isTold(each))
    .map(([name, each]) => `${words.field(name)}${words.colon}${toLine(each, name, words)}`)
    .join(words.semicolon);
}

/** Before and after, each as one line. Of a week only the days that differ are told: seven are hard to compare. */
export function toLines(
  before: unknown,
  after: unknown,
  field: string,
  words: ValueWords,
): readonly [string, string] {
  if (field !== "weekly" || !Array.isArray(before) || !Array.isArray(after))
    return [toLine(before, field, words), toLine(after, field, words)];
  const days = [...Array(Math.max(before.length, after.length)).keys()].filter(
    (day) => JSON.stringify(before[day]) !== JSON.stringify(after[day]),
  );
  return [ofDays(before, days, words), ofDays(after, days, words)];
}

function oneWord(value: string | number, field: string, words: ValueWords): string {
  const known = words.one(field, value);
  if (known !== undefined) return known;
  return typeof value === "string" && INSTANT.test(value) ? words.instant(value) : String(value);
}

function toList(value: readonly unknown[], field: string, words: ValueWords): string {
  if (field === "weekly") return ofDays(value, [...value.keys()], words);
  if (isSpans(value)) return ofDay(value, words);
  const items = value.map((each) => toLine(each, field, words)).filter(Boolean);
  const hasParts = value.some((each) => typeof each === "object");
  return items
    .map((each, index) => (hasParts ? `${index + 1}. ${each}` : each))
    .join(hasParts ? " " : words.and);
}

function ofDays(week: readonly unknown[], days: readonly number[], words: ValueWords): string {
  return days.map((day) => `${words.weekday(day)} ${ofDay(week[day], words)}`).join(words.semicolon);
}

function ofDay(spans: unknown, words: ValueWords): string {
  if (!isSpans(spans)) return words.closed;
  return spans.map(([begins, ends]) => `${begins}–${ends}`).join(words.and);
}

function isSpans(value: unknown): value is readonly [string, string][] {
  const isSpan = (each: unknown) =>
    Array.isArray(each) && each.length === 2 && each.every((end) => /^\d\d:\d\d/.test(String(end)));
  return Array.isArray(value) && value.length > 0 && value.every(isSpan);
}
