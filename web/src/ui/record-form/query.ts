import { queryOptions } from "@tanstack/react-query";
import { api, bodyOf } from "@/api/client";

/** The form of one type of record. Settings' part of the cache: a change of fields or layouts makes it old. */
export function formQuery(subject: string, variant: string) {
  return queryOptions({
    queryKey: ["settings", "forms", subject, variant],
    queryFn: () =>
      bodyOf(api.GET("/api/layouts/{subject}/{variant}", { params: { path: { subject, variant } } })),
    staleTime: 60_000,
  });
}
