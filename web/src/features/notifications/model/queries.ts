import { infiniteQueryOptions, queryOptions } from "@tanstack/react-query";
import { api, bodyOf, type Schema } from "@/api/client";
import { readProblem } from "@/api/problem";

export type Notification = Schema<"NotificationOut">;
export type Category = Notification["category"];
export type Preferences = Schema<"PreferenceOut">;

export const CATEGORIES: readonly Category[] = ["mention", "reminder", "task", "notice", "system"];
/** A hint comes over the socket; this is for the one that was lost. */
const EVERY_MS = 60_000;
const PAGE_SIZE = 20;

/** How many are unread, and what came since the answer before. */
export function unreadQuery(newestKnown: () => number | undefined) {
  return queryOptions({
    queryKey: ["notifications", "unread"],
    queryFn: () => {
      const after = newestKnown();
      return bodyOf(
        api.GET("/api/notifications/unread", { params: { query: after === undefined ? {} : { after } } }),
      );
    },
    refetchInterval: EVERY_MS,
  });
}

export function notificationsQuery(category: Category | "") {
  return infiniteQueryOptions({
    queryKey: ["notifications", "list", category],
    queryFn: ({ pageParam }) =>
      bodyOf(
        api.GET("/api/notifications", {
          params: { query: { page: pageParam, page_size: PAGE_SIZE, ...(category && { category }) } },
        }),
      ),
    initialPageParam: 1,
    getNextPageParam: (last, pages) => (pages.length * PAGE_SIZE < last.total ? pages.length + 1 : undefined),
  });
}

export const preferencesQuery = queryOptions({
  queryKey: ["notifications", "preferences"],
  queryFn: () => bodyOf(api.GET("/api/notifications/preferences")),
});

/** One alarm of the installation or the company, in both languages; answered by the front itself, also when all else is away. */
export interface Alarm {
  code: string;
  severity: "critical" | "warning";
  subject: string;
  en: string;
  zh: string;
}

export const alarmsQuery = queryOptions({
  queryKey: ["alarms"],
  queryFn: async () => {
    const response = await fetch("/api/alarms", { credentials: "same-origin" });
    if (!response.ok) throw await readProblem(response);
    return ((await response.json()) as { items: Alarm[] }).items;
  },
  refetchInterval: 30_000,
  retry: false,
});
