import { compact, type ListSearch, oneOf, readListSearch, wholeNumber } from "@/ui/list-search";
import { kinds, lists } from "./codes";
import { type Level, levels } from "./levels";

export const owners = ["me", "none"] as const;

export interface CustomersSearch extends ListSearch {
  level?: Level | undefined;
  kind?: (typeof kinds)[number] | undefined;
  /** "me", or "none": the public pool */
  owner?: (typeof owners)[number] | undefined;
  list?: (typeof lists)[number] | undefined;
  tag?: number | undefined;
  class?: number | undefined;
  /** key accounts alone */
  key?: true | undefined;
  /** what is asked of the company's own fields, as the API takes it */
  [own: `custom.${string}`]: string | undefined;
}

export function readCustomersSearch(raw: Record<string, unknown>): CustomersSearch {
  return compact({
    ...readListSearch(raw),
    level: oneOf(raw.level, levels),
    kind: oneOf(raw.kind, kinds),
    owner: oneOf(raw.owner, owners),
    list: oneOf(raw.list, lists),
    tag: wholeNumber(raw.tag),
    class: wholeNumber(raw.class),
    key: raw.key === true ? (true as const) : undefined,
    ...readOwnFilters(raw),
  });
}

function readOwnFilters(raw: Record<string, unknown>): Record<`custom.${string}`, string> {
  const own = Object.entries(raw).filter(([name, value]) => name.startsWith("custom.") && value !== "");
  return Object.fromEntries(own.map(([name, value]) => [name, String(value).slice(0, 200)]));
}

/** The part of the address that filters by the company's own fields. */
export function ownFilters(search: CustomersSearch): Record<string, string> {
  return readOwnFilters(search as Record<string, unknown>);
}

/** Whether the list shows fewer than all, and so an empty one means "nothing found". */
export function isNarrowed(search: CustomersSearch): boolean {
  const { page: _page, size: _size, sort: _sort, cols: _cols, ...narrowing } = search;
  return Object.values(narrowing).some((value) => value !== undefined);
}
