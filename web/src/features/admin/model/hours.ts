/** Opening hours as the API has them: texts like "09:00"; "24:00" ends a day at midnight. */
export type Span = [begins: string, ends: string];
/** Seven lists, Monday first. */
export type Weekly = Span[][];
/** "2026-10-01" -> the spans that replace its weekday; none: closed all day. */
export type Dates = Record<string, Span[]>;

export const OFFICE_DAY: Span = ["09:00", "18:00"];

export function officeWeek(): Weekly {
  return Array.from({ length: 7 }, (_, day) => (day < 5 ? [OFFICE_DAY] : []));
}

/** "9", "930", "9:30" and the like, full-width signs too, to "09:30"; null when it is no time of day. */
export function toClock(text: string): string | null {
  const plain = text
    .replace(/[\uff10-\uff1a]/g, (sign) => String.fromCharCode(sign.charCodeAt(0) - 0xfee0))
    .replace(/\s/g, "");
  const match = /^(\d{1,2})(?:[:.]?(\d{2}))?$/.exec(plain);
  if (!match) return null;
  const hour = Number(match[1]);
  const minute = Number(match[2] ?? "0");
  if (minute > 59 || hour > 24 || (hour === 24 && minute > 0)) return null;
  return `${String(hour).padStart(2, "0")}:${String(minute).padStart(2, "0")}`;
}

export type SpanProblem = "incomplete" | "backwards" | "overlap";

/** What is wrong with one day, or null. Texts of the form "09:00" compare as the times do. */
export function findSpanProblem(spans: readonly Span[]): SpanProblem | null {
  if (spans.some(([begins, ends]) => toClock(begins) === null || toClock(ends) === null)) return "incomplete";
  if (spans.some(([begins, ends]) => begins >= ends)) return "backwards";
  const sorted = [...spans].sort(([a], [b]) => a.localeCompare(b));
  const overlaps = sorted.some((span, index) => index > 0 && span[0] < (sorted[index - 1]?.[1] ?? ""));
  return overlaps ? "overlap" : null;
}

/** A further span for a day: an afternoon after a morning, else the office day. */
export function nextSpan(spans: readonly Span[]): Span {
  const ends = spans.at(-1)?.[1];
  if (ends === undefined) return OFFICE_DAY;
  const hour = Math.min(23, Number(ends.slice(0, 2)) + 1);
  return [`${String(hour).padStart(2, "0")}:00`, hour < 18 ? "18:00" : "24:00"];
}

export interface DayGroup {
  /** 0 is Monday */
  first: number;
  last: number;
  spans: readonly Span[];
}

/** Days that follow each other with the same spans, told as one: Monday to Friday 09:00-18:00. */
export function groupDays(weekly: readonly (readonly Span[])[]): DayGroup[] {
  const groups: DayGroup[] = [];
  weekly.forEach((spans, day) => {
    const last = groups.at(-1);
    if (last && formatSpans(last.spans) === formatSpans(spans)) last.last = day;
    else groups.push({ first: day, last: day, spans });
  });
  return groups;
}

export function formatSpans(spans: readonly Span[]): string {
  return spans.map(([begins, ends]) => `${begins}–${ends}`).join(" ");
}

/** Days that differ from their weekday, with their names. */
export interface SpecialDays {
  dates: Dates;
  names: Record<string, string>;
}

export interface PreviewDay {
  /** "2026-10-01" */
  day: string;
  kind: "week" | "holiday" | "workday";
  spans: readonly Span[];
  name: string;
}

/** The days of a month ("2026-10"), Monday first: nulls fill the days of the first week before it. */
export function monthOf(month: string, weekly: Weekly, { dates, names }: SpecialDays): (PreviewDay | null)[] {
  const first = new Date(`${month}-01T00:00:00Z`);
  const lead = (first.getUTCDay() + 6) % 7;
  const days: (PreviewDay | null)[] = Array.from({ length: lead }, () => null);
  for (let at = first; at.toISOString().slice(0, 7) === month; at = new Date(at.getTime() + DAY_MS)) {
    const day = at.toISOString().slice(0, 10);
    const own = dates[day];
    const spans = own ?? weekly[(at.getUTCDay() + 6) % 7] ?? [];
    const kind = own === undefined ? "week" : own.length === 0 ? "holiday" : "workday";
    days.push({ day, kind, spans, name: names[day] ?? "" });
  }
  return days;
}

const DAY_MS = 86_400_000;

/** Every day from `first` to `last` ("2026-10-01"), both included; at most a year, so that a slip stays small. */
export function daysBetween(first: string, last: string): string[] {
  const days: string[] = [];
  for (let at = Date.parse(first); at <= Date.parse(last) && days.length < 366; at += DAY_MS)
    days.push(new Date(at).toISOString().slice(0, 10));
  return days;
}

/** `dates` with `days` set to `spans` each. */
export function withDays(dates: Dates, days: readonly string[], spans: Span[]): Dates {
  return { ...dates, ...Object.fromEntries(days.map((day) => [day, spans])) };
}
