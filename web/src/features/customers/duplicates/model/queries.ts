import { keepPreviousData, queryOptions } from "@tanstack/react-query";
import { api, bodyOf, type Schema } from "@/api/client";
import { toListQuery } from "@/ui/list-search";
import type { DuplicatesSearch } from "./search";

export type Customer = Schema<"CustomerOut">;
export type Pair = Schema<"DuplicatePairOut">;
export type Merge = Schema<"MergeOut">;
export type Side = "kept" | "merged" | "both";

const WORKING_EVERY_MS = 1_500;

export function toPairsQuery(search: DuplicatesSearch, state: "open" | "not_same") {
  return { ...toListQuery(search), state, ...(search.at_least && { at_least: search.at_least }) };
}

export function pairsQuery(search: DuplicatesSearch, state: "open" | "not_same") {
  const query = toPairsQuery(search, state);
  return queryOptions({
    queryKey: ["duplicates", "list", query],
    queryFn: () => bodyOf(api.GET("/api/duplicates", { params: { query } })),
    placeholderData: keepPreviousData,
  });
}

export function mergesQuery(search: DuplicatesSearch) {
  const query = toListQuery(search);
  return queryOptions({
    queryKey: ["duplicates", "merges", query],
    queryFn: () => bodyOf(api.GET("/api/merges", { params: { query } })),
    placeholderData: keepPreviousData,
  });
}

/** The last search through all customers; asked again and again while one is at work. */
export const lastSearchQuery = queryOptions({
  queryKey: ["duplicates", "search"],
  queryFn: async () => (await bodyOf(api.GET("/api/duplicates/search"))).search,
  refetchInterval: ({ state }) => (state.data?.state === "running" ? WORKING_EVERY_MS : false),
});

export function comparisonQuery(kept: number, merged: number) {
  return queryOptions({
    queryKey: ["duplicates", "comparison", kept, merged],
    queryFn: () => bodyOf(api.GET("/api/merges/comparison", { params: { query: { kept, merged } } })),
    staleTime: 0,
  });
}

export function startSearch() {
  return bodyOf(api.POST("/api/duplicates/search"));
}

export function judge(pair: number, is_same: boolean) {
  return bodyOf(
    api.PUT("/api/duplicates/{pair_id}/judgement", {
      params: { path: { pair_id: pair } },
      body: { is_same },
    }),
  );
}

export function mergeCustomers(kept: number, merged: number, chosen: Record<string, Side>): Promise<Merge> {
  return bodyOf(api.POST("/api/merges", { body: { kept_id: kept, merged_id: merged, chosen } }));
}

export function undoMerge(id: number): Promise<Merge> {
  return bodyOf(api.POST("/api/merges/{merge_id}/undo", { params: { path: { merge_id: id } } }));
}
