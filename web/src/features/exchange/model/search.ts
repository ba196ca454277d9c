import { compact, type ListSearch, oneOf, readListSearch, someText, wholeNumber } from "@/ui/list-search";

/** The wizard's address: which import is open (none: a new one), and what is to be imported. */
export interface ImportSearch extends ListSearch {
  id?: number | undefined;
  kind?: string | undefined;
}

export function readImportSearch(raw: Record<string, unknown>): ImportSearch {
  return compact({ ...readListSearch(raw), id: wholeNumber(raw.id), kind: someText(raw.kind) });
}

export const EXPORT_STATES = [
  "waiting",
  "running",
  "ready",
  "sent",
  "refused",
  "cancelled",
  "failed",
  "removed",
] as const;

export interface ExportSearch extends ListSearch {
  state?: (typeof EXPORT_STATES)[number] | undefined;
}

export function readExportSearch(raw: Record<string, unknown>): ExportSearch {
  return compact({ ...readListSearch(raw), state: oneOf(raw.state, EXPORT_STATES) });
}
