import { compact, type ListSearch, readListSearch } from "@/ui/list-search";

/** How the page of care rules stands in the address; `open` is a rule's id or "new". */
export interface CareRulesSearch extends ListSearch {
  open?: string | undefined;
}

export function readCareRulesSearch(raw: Record<string, unknown>): CareRulesSearch {
  const open = String(raw.open ?? "");
  return compact({ ...readListSearch(raw), open: /^(new|\d+)$/.test(open) ? open : undefined });
}
