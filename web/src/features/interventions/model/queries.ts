import { queryOptions } from "@tanstack/react-query";
import { api, bodyOf } from "@/api/client";

/** The company's classes of contacts, by name; they change seldom. */
export const classNamesQuery = queryOptions({
  queryKey: ["settings", "routing", "class-names"],
  queryFn: async () => (await bodyOf(api.GET("/api/routing/class-names"))).items,
  staleTime: Number.POSITIVE_INFINITY,
});
