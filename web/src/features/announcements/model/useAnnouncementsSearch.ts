import { useNavigate, useSearch } from "@tanstack/react-router";
import { compact } from "@/ui/list-search";
import type { AnnouncementsSearch } from "./search";

/** What the address says, and ways to change it; `filter` goes back to the first page. */
export function useAnnouncementsSearch() {
  const search = useSearch({ from: "/shell/announcements" });
  const navigate = useNavigate();
  const change = (changes: AnnouncementsSearch) =>
    void navigate({ to: "/announcements", search: compact({ ...search, ...changes }), replace: true });
  const filter = (changes: AnnouncementsSearch) => change({ ...changes, page: undefined });
  const openId = search.open && search.open !== "new" ? Number(search.open) : undefined;
  return { search, change, filter, openId, close: () => change({ open: undefined }) };
}
