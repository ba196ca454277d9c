import { isDay } from "@/lib/days";
import { compact, oneOf, wholeNumber } from "@/ui/list-search";
import { KINDS } from "./kinds";
import type { TimelineFilter } from "./queries";

/** The filter of a record's timeline, as the address holds it. */
export function readTimelineSearch(raw: Record<string, unknown>): TimelineFilter {
  return compact({
    kind: oneOf(raw.kind, KINDS),
    person: wholeNumber(raw.person),
    from: isDay(raw.from) ? raw.from : undefined,
    to: isDay(raw.to) ? raw.to : undefined,
  });
}
