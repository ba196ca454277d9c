import { compact, type ListSearch, oneOf, readListSearch, wholeNumber } from "@/ui/list-search";

export const duplicateTabs = ["open", "not_same", "merges"] as const;
export type DuplicateTab = (typeof duplicateTabs)[number];

export interface DuplicatesSearch extends ListSearch {
  tab?: DuplicateTab | undefined;
  at_least?: number | undefined;
}

export function readDuplicatesSearch(raw: Record<string, unknown>): DuplicatesSearch {
  return compact({
    ...readListSearch(raw),
    tab: oneOf(raw.tab, duplicateTabs),
    at_least: wholeNumber(raw.at_least),
  });
}
