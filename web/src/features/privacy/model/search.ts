import { compact, type ListSearch, oneOf, readListSearch } from "@/ui/list-search";

export const ERASURE_STATES = ["waiting", "running", "done", "refused"] as const;

export interface ErasuresSearch extends ListSearch {
  state?: (typeof ERASURE_STATES)[number] | undefined;
}

export function readErasuresSearch(raw: Record<string, unknown>): ErasuresSearch {
  return compact({ ...readListSearch(raw), state: oneOf(raw.state, ERASURE_STATES) });
}
