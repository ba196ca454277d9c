import { keepPreviousData, queryOptions } from "@tanstack/react-query";
import { api, bodyOf, type Schema } from "@/api/client";
import { toListQuery } from "@/ui/list-search";
import type { TasksSearch } from "./search";

export type Task = Schema<"FollowUpOut">;
export type How = Task["how"];
export const HOWS: readonly How[] = ["call", "visit", "mail", "wechat", "sms", "other"];
/** New ones come by rule in the morning, and time passes: what is today's becomes overdue. */
const EVERY_MS = 60_000;

export function toTasksQuery(search: TasksSearch, me: number | undefined) {
  return {
    ...toListQuery(search),
    when: search.when ?? ("today" as const),
    ...(search.whose === undefined && me !== undefined && { owner: me }),
    ...(search.whose === "claimable" && { claimable: true }),
    ...(search.type && { care: search.type === "care" }),
  };
}

export function tasksQuery(query: ReturnType<typeof toTasksQuery>) {
  return queryOptions({
    queryKey: ["follow-ups", "list", query],
    queryFn: () => bodyOf(api.GET("/api/follow-ups", { params: { query } })),
    placeholderData: keepPreviousData,
    refetchInterval: EVERY_MS,
  });
}

export const taskCountsQuery = queryOptions({
  queryKey: ["follow-ups", "counts"],
  queryFn: () => bodyOf(api.GET("/api/follow-ups/counts")),
  refetchInterval: EVERY_MS,
});

export function taskQuery(task: number) {
  return queryOptions({
    queryKey: ["follow-ups", task],
    queryFn: () =>
      bodyOf(api.GET("/api/follow-ups/{follow_up_id}", { params: { path: { follow_up_id: task } } })),
  });
}
