import { queryOptions } from "@tanstack/react-query";
import { api, bodyOf, type Schema } from "@/api/client";

export type Retention = Schema<"RetentionOut">;
export type Due = Schema<"RetentionPreviewOut">;

export const retentionQuery = queryOptions({
  queryKey: ["settings", "retention"],
  queryFn: () => bodyOf(api.GET("/api/retention")),
});

/** What would be deleted if recordings were kept for so many days. */
export function dueQuery(keep_days: number) {
  return queryOptions({
    queryKey: ["settings", "retention", "due", keep_days],
    queryFn: () => bodyOf(api.GET("/api/retention/preview", { params: { query: { keep_days } } })),
  });
}

export function saveRetention(keep_days: number | null): Promise<Retention> {
  return bodyOf(api.PUT("/api/retention", { body: { keep_days } }));
}
