import { queryOptions } from "@tanstack/react-query";
import { api, bodyOf } from "@/api/client";

/** Missed calls that nobody has dealt with. No event tells of them, so they are asked for now and then. */
export const missedQuery = queryOptions({
  queryKey: ["interactions", "missed"],
  queryFn: () =>
    bodyOf(
      api.GET("/api/interactions", { params: { query: { missed: true, handled: false, page_size: 50 } } }),
    ),
  refetchInterval: 30_000,
});

/** What this agent handled last. */
export function recentQuery(agent: number | undefined) {
  return queryOptions({
    queryKey: ["interactions", "recent", agent],
    queryFn: () =>
      bodyOf(
        api.GET("/api/interactions", {
          params: { query: { ...(agent !== undefined && { agent }), page_size: 20 } },
        }),
      ),
    enabled: agent !== undefined,
  });
}

export function customerQuery(customer: number) {
  return queryOptions({
    queryKey: ["customers", customer],
    queryFn: () =>
      bodyOf(api.GET("/api/customers/{customer_id}", { params: { path: { customer_id: customer } } })),
  });
}
