import { isDay } from "@/lib/days";
import { compact, type ListSearch, oneOf, readListSearch, wholeNumber } from "@/ui/list-search";

export const GROUPS = ["queue", "agent", "question", "day"] as const;
export const VIEWS = ["figures", "answers"] as const;

export interface SurveysSearch extends ListSearch {
  view?: (typeof VIEWS)[number] | undefined;
  by?: (typeof GROUPS)[number] | undefined;
  queue?: number | undefined;
  low?: true | undefined;
  from?: string | undefined;
  to?: string | undefined;
}

export function readSurveysSearch(raw: Record<string, unknown>): SurveysSearch {
  return compact({
    ...readListSearch(raw),
    view: oneOf(raw.view, VIEWS),
    by: oneOf(raw.by, GROUPS),
    queue: wholeNumber(raw.queue),
    low: raw.low === true ? (true as const) : undefined,
    from: isDay(raw.from) ? raw.from : undefined,
    to: isDay(raw.to) ? raw.to : undefined,
  });
}
