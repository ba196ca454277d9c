/** Instants are RFC 3339 text at the boundary and milliseconds since 1970 inside; durations name their unit. */

/** "02:28", from an hour on "1:02:28". Never negative: clocks that differ a little must not show "-1:59". */
export function formatDuration(duration_s: number): string {
  const whole_s = Math.max(0, Math.floor(duration_s));
  const hours = Math.floor(whole_s / 3600);
  const minutes = Math.floor((whole_s % 3600) / 60);
  const seconds = whole_s % 60;
  const mm = String(minutes).padStart(2, "0");
  const ss = String(seconds).padStart(2, "0");
  return hours > 0 ? `${hours}:${mm}:${ss}` : `${mm}:${ss}`;
}

/** Seconds from `from` to `now_ms`; 0 where there is no start. */
export function secondsSince(from: string | null | undefined, now_ms: number): number {
  return from ? Math.max(0, (now_ms - Date.parse(from)) / 1000) : 0;
}

/** Seconds left until `until`, rounded up so that a countdown shows 1 in its last second; 0 when past or absent. */
export function secondsUntil(until: string | null | undefined, now_ms: number): number {
  return until ? Math.max(0, Math.ceil((Date.parse(until) - now_ms) / 1000)) : 0;
}

const formatters = new Map<string, Intl.DateTimeFormat>();

function parts(at: string, timeZone: string): Record<string, string> {
  let formatter = formatters.get(timeZone);
  if (!formatter) {
    formatter = new Intl.DateTimeFormat("en-GB", {
      timeZone,
      year: "numeric",
      month: "2-digit",
      day: "2-digit",
      hour: "2-digit",
      minute: "2-digit",
      second: "2-digit",
      hourCycle: "h23",
    });
    formatters.set(timeZone, formatter);
  }
  return Object.fromEntries(formatter.formatToParts(new Date(at)).map((part) => [part.type, part.value]));
}

/** "2026-11-21 14:22" on the company's clock. */
export function formatInstant(at: string, timeZone: string): string {
  const p = parts(at, timeZone);
  return `${p.year}-${p.month}-${p.day} ${p.hour}:${p.minute}`;
}

/** "14:22:05" on the company's clock. */
export function formatTimeOfDay(at: string, timeZone: string): string {
  const p = parts(at, timeZone);
  return `${p.hour}:${p.minute}:${p.second}`;
}

/** "14:22" for today, "11-20 14:22" for this year, else with the year: short enough for a list. */
export function formatShortInstant(at: string, timeZone: string, now_ms: number): string {
  const p = parts(at, timeZone);
  const today = parts(new Date(now_ms).toISOString(), timeZone);
  const time = `${p.hour}:${p.minute}`;
  if (p.year !== today.year) return `${p.year}-${p.month}-${p.day} ${time}`;
  if (p.month !== today.month || p.day !== today.day) return `${p.month}-${p.day} ${time}`;
  return time;
}
