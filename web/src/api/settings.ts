/** What administration sets and the desk reads. The key begins with "settings": a change there refreshes it here. */
import { queryOptions } from "@tanstack/react-query";
import { api, bodyOf } from "./client";

export const reasonsQuery = queryOptions({
  queryKey: ["settings", "reasons"],
  queryFn: async () => (await bodyOf(api.GET("/api/reasons"))).items,
  staleTime: Number.POSITIVE_INFINITY,
});

export const dispositionsQuery = queryOptions({
  queryKey: ["settings", "dispositions"],
  queryFn: async () => (await bodyOf(api.GET("/api/dispositions"))).items,
  staleTime: Number.POSITIVE_INFINITY,
});
