import { compact, type ListSearch, oneOf, readListSearch } from "@/ui/list-search";
import { type Level, levels } from "./levels";

export interface CustomersSearch extends ListSearch {
  level?: Level | undefined;
}

export function readCustomersSearch(raw: Record<string, unknown>): CustomersSearch {
  return compact({ ...readListSearch(raw), level: oneOf(raw.level, levels) });
}
