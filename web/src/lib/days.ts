/** Days on the company's clock, as filters and addresses name them: "2026-11-21". */

const DAY = /^\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])$/;
const DAY_MS = 86_400_000;

export function isDay(raw: unknown): raw is string {
  return typeof raw === "string" && DAY.test(raw) && !Number.isNaN(Date.parse(`${raw}T00:00:00Z`));
}

/** What the wall clock of `timeZone` is ahead of UTC at an instant, in milliseconds. */
function offset_ms(at_ms: number, timeZone: string): number {
  const parts = new Intl.DateTimeFormat("en-GB", {
    timeZone,
    year: "numeric",
    month: "2-digit",
    day: "2-digit",
    hour: "2-digit",
    minute: "2-digit",
    second: "2-digit",
    hourCycle: "h23",
  }).formatToParts(at_ms);
  const p = Object.fromEntries(parts.map((part) => [part.type, Number(part.value)]));
  const wall_ms = Date.UTC(p.year ?? 0, (p.month ?? 1) - 1, p.day, p.hour, p.minute, p.second);
  return wall_ms - Math.floor(at_ms / 1000) * 1000;
}

/** The instant (RFC 3339) at which `day` begins in `timeZone`, also across a change of summer time. */
export function startOfDay(day: string, timeZone: string): string {
  const utc_ms = Date.parse(`${day}T00:00:00Z`);
  const guess_ms = utc_ms - offset_ms(utc_ms, timeZone);
  return new Date(utc_ms - offset_ms(guess_ms, timeZone)).toISOString();
}

/** The day after: filters are open at their end, so "to the 21st" ends when the 22nd begins. */
export function nextDay(day: string): string {
  return new Date(Date.parse(`${day}T00:00:00Z`) + DAY_MS).toISOString().slice(0, 10);
}

/** The day that it is in `timeZone`, moved by `days`. */
export function dayOf(at_ms: number, timeZone: string, days = 0): string {
  return new Date(at_ms + offset_ms(at_ms, timeZone) + days * DAY_MS).toISOString().slice(0, 10);
}

/** The instant (RFC 3339) at which a clock in `timeZone` shows `wall`, "2026-11-21T14:30" as a form field holds it. */
export function instantOf(wall: string, timeZone: string): string {
  const utc_ms = Date.parse(`${wall.slice(0, 16)}:00Z`);
  const guess_ms = utc_ms - offset_ms(utc_ms, timeZone);
  return new Date(utc_ms - offset_ms(guess_ms, timeZone)).toISOString();
}

/** What a clock in `timeZone` shows at an instant, as a form field holds it: "2026-11-21T14:30". */
export function wallOf(at_ms: number, timeZone: string): string {
  return new Date(at_ms + offset_ms(at_ms, timeZone)).toISOString().slice(0, 16);
}
