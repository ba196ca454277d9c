import { keepPreviousData, queryOptions } from "@tanstack/react-query";
import { api, bodyOf, type Schema } from "@/api/client";
import { toListQuery } from "@/ui/list-search";
import type { ListCode, ListsSearch } from "./search";

export type Entry = Schema<"ListEntryOut">;

export function toEntriesQuery(search: ListsSearch, list: ListCode) {
  const state = search.state ?? "active";
  return { ...toListQuery(search), list, ...(state !== "all" && { state }) };
}

export function listEntriesQuery(search: ListsSearch, list: ListCode) {
  const query = toEntriesQuery(search, list);
  return queryOptions({
    queryKey: ["customers", "entries", query],
    queryFn: () => bodyOf(api.GET("/api/lists", { params: { query } })),
    placeholderData: keepPreviousData,
  });
}

export function addNumbers(body: Schema<"ListNumbersIn">) {
  return bodyOf(api.POST("/api/lists/numbers", { body }));
}

export function endEntry(entry_id: number, reason: string) {
  return bodyOf(api.POST("/api/lists/{entry_id}/end", { params: { path: { entry_id } }, body: { reason } }));
}
