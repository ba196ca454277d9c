import { useNavigate, useSearch } from "@tanstack/react-router";
import type { ListState } from "@/ui/DataTable";
import { readSettingsSearch, type SettingsSearch } from "../settings-search";

const PAGE_SIZE = 20;

/** The page's own part of the address, and how to change it. Another filter begins at the first page again. */
export function useSettingsSearch() {
  const raw = useSearch({ strict: false });
  const navigate = useNavigate();
  const search = readSettingsSearch(raw as Record<string, unknown>);
  const change = (changes: { [Name in keyof SettingsSearch]?: SettingsSearch[Name] | undefined }) => {
    const next = readSettingsSearch({ ...search, ...changes });
    void navigate({ to: ".", search: next as never, replace: !("open" in changes) });
  };
  const list: ListState = { page: search.page ?? 1, pageSize: search.size ?? PAGE_SIZE, sort: search.sort };
  return {
    search,
    list,
    /** what the API takes */
    query: {
      page: list.page,
      page_size: list.pageSize,
      ...(search.search && { search: search.search }),
      ...(search.sort && { sort: search.sort }),
    },
    filter: (changes: Omit<SettingsSearch, "page" | "open"> | Record<string, string | undefined>) =>
      change({ ...changes, page: undefined }),
    showList: (next: ListState) =>
      change({
        page: next.page === 1 ? undefined : next.page,
        size: next.pageSize === PAGE_SIZE ? undefined : next.pageSize,
        sort: next.sort,
      }),
    open: (record: number | string | null) => change({ open: record === null ? undefined : String(record) }),
  };
}
