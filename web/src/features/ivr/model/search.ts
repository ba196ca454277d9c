import { isDay } from "@/lib/days";
import { compact, type ListSearch, oneOf, readListSearch, wholeNumber } from "@/ui/list-search";

export const VIEWS = ["status", "nodes", "hours", "failures"] as const;
export const SPANS = ["hour", "day", "hour_of_day"] as const;
/** What may have failed: a step itself, or a request of this kind. */
export const FAILED = ["step", "http", "database", "customer", "payment"] as const;

export interface IvrSearch extends ListSearch {
  view?: (typeof VIEWS)[number] | undefined;
  flow?: number | undefined;
  from?: string | undefined;
  to?: string | undefined;
  by?: (typeof SPANS)[number] | undefined;
  what?: (typeof FAILED)[number] | undefined;
  /** the external service whose failures are shown */
  service?: number | undefined;
  /** the step whose ways out are shown */
  node?: string | undefined;
}

export function readIvrSearch(raw: Record<string, unknown>): IvrSearch {
  return compact({
    ...readListSearch(raw),
    view: oneOf(raw.view, VIEWS),
    flow: wholeNumber(raw.flow),
    from: isDay(raw.from) ? raw.from : undefined,
    to: isDay(raw.to) ? raw.to : undefined,
    by: oneOf(raw.by, SPANS),
    what: oneOf(raw.what, FAILED),
    service: wholeNumber(raw.service),
    node: typeof raw.node === "string" && raw.node ? raw.node.slice(0, 400) : undefined,
  });
}
