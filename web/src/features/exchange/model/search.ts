import { compact, type ListSearch, readListSearch, someText, wholeNumber } from "@/ui/list-search";

/** The wizard's address: which import is open (none: a new one), and what is to be imported. */
export interface ImportSearch extends ListSearch {
  id?: number | undefined;
  kind?: string | undefined;
}

export function readImportSearch(raw: Record<string, unknown>): ImportSearch {
  return compact({ ...readListSearch(raw), id: wholeNumber(raw.id), kind: someText(raw.kind) });
}
