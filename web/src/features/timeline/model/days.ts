import { dayOf } from "@/lib/days";
import type { Entry } from "./queries";

export interface Day {
  day: string;
  entries: Entry[];
}

/** The entries under the day they stand on, on the company's clock; the order stays. */
export function byDay(entries: readonly Entry[], timeZone: string): Day[] {
  const days: Day[] = [];
  for (const entry of entries) {
    const day = dayOf(Date.parse(entry.at), timeZone);
    const last = days.at(-1);
    if (last?.day === day) last.entries.push(entry);
    else days.push({ day, entries: [entry] });
  }
  return days;
}
