import { compact, type ListSearch, oneOf, readListSearch } from "@/ui/list-search";
import { type Level, levels } from "./levels";

export interface CustomersSearch extends ListSearch {
  level?: Level | undefined;
  /** what is asked of the company's own fields, as the API takes it */
  [own: `custom.${string}`]: string | undefined;
}

export function readCustomersSearch(raw: Record<string, unknown>): CustomersSearch {
  return compact({ ...readListSearch(raw), level: oneOf(raw.level, levels), ...readOwnFilters(raw) });
}

function readOwnFilters(raw: Record<string, unknown>): Record<`custom.${string}`, string> {
  const own = Object.entries(raw).filter(([name, value]) => name.startsWith("custom.") && value !== "");
  return Object.fromEntries(own.map(([name, value]) => [name, String(value).slice(0, 200)]));
}

/** The part of the address that filters by the company's own fields. */
export function ownFilters(search: CustomersSearch): Record<string, string> {
  return readOwnFilters(search as Record<string, unknown>);
}
