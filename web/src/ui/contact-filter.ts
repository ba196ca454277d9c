/** What lists of contacts and of recordings are both filtered by. */
import { isDay, nextDay, startOfDay } from "@/lib/days";
import { compact, oneOf, wholeNumber } from "./list-search";

export const directions = ["inbound", "outbound", "internal"] as const;
export type Direction = (typeof directions)[number];

/** What an agent said came of a contact. */
export const results = ["resolved", "follow_up", "escalated", "invalid"] as const;
export type Result = (typeof results)[number];

export interface ContactFilter {
  agent?: number | undefined;
  queue?: number | undefined;
  direction?: Direction | undefined;
  result?: Result | undefined;
  /** The first day and the last, both within, on the company's clock. */
  from?: string | undefined;
  to?: string | undefined;
}

export function readContactFilter(raw: Record<string, unknown>): ContactFilter {
  return compact({
    agent: wholeNumber(raw.agent),
    queue: wholeNumber(raw.queue),
    direction: oneOf(raw.direction, directions),
    result: oneOf(raw.result, results),
    from: isDay(raw.from) ? raw.from : undefined,
    to: isDay(raw.to) ? raw.to : undefined,
  });
}

/** The filter as the API takes it: days become instants. */
export function toFilterQuery(filter: ContactFilter, timeZone: string) {
  return {
    ...(filter.agent && { agent: filter.agent }),
    ...(filter.queue && { queue: filter.queue }),
    ...(filter.direction && { direction: filter.direction }),
    ...(filter.result && { result: filter.result }),
    ...(filter.from && { from: startOfDay(filter.from, timeZone) }),
    ...(filter.to && { to: startOfDay(nextDay(filter.to), timeZone) }),
  };
}
