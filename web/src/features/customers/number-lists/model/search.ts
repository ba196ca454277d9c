import { compact, type ListSearch, oneOf, readListSearch } from "@/ui/list-search";
import { lists } from "../../model/attached";

export const entryStates = ["active", "expired", "ended"] as const;
export type ListCode = (typeof lists)[number];

export interface ListsSearch extends ListSearch {
  /** which list; absent: the first */
  list?: ListCode | undefined;
  /** absent: those that count now; "all" with those of the past */
  state?: (typeof entryStates)[number] | "all" | undefined;
}

export function readListsSearch(raw: Record<string, unknown>): ListsSearch {
  return compact({
    ...readListSearch(raw),
    list: oneOf(raw.list, lists),
    state: oneOf(raw.state, [...entryStates, "all"] as const),
  });
}
