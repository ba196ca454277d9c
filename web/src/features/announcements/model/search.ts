import { compact, type ListSearch, oneOf, readListSearch } from "@/ui/list-search";

export const TABS = ["notices", "bulletin", "forum"] as const;
export type Tab = (typeof TABS)[number];
export const NOTICE_STATES = ["unread", "running", "planned", "draft", "over"] as const;

/** How the page stands in the address. `open` is the id of what is open beside the list, or "new". */
export interface AnnouncementsSearch extends ListSearch {
  tab?: Tab | undefined;
  open?: string | undefined;
  /** of notices */
  state?: (typeof NOTICE_STATES)[number] | undefined;
  /** of notices: everybody's, for writers */
  all?: boolean | undefined;
  /** of the bulletin */
  category?: string | undefined;
  /** of bulletin and forum: what the reader has not seen */
  fresh?: boolean | undefined;
}

export function readAnnouncementsSearch(raw: Record<string, unknown>): AnnouncementsSearch {
  const open = String(raw.open ?? "");
  const tab = oneOf(raw.tab, TABS);
  return compact({
    ...readListSearch(raw),
    tab: tab === "notices" ? undefined : tab,
    open: /^(new|\d+)$/.test(open) ? open : undefined,
    state: oneOf(raw.state, NOTICE_STATES),
    all: raw.all === true || raw.all === "true" ? true : undefined,
    category: typeof raw.category === "string" ? raw.category.slice(0, 40) : undefined,
    fresh: raw.fresh === true || raw.fresh === "true" ? true : undefined,
  });
}
