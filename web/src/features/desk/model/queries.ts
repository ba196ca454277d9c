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

/** Everything a customer and we had with each other, newest first. */
export function timelineQuery(customer: number) {
  return queryOptions({
    queryKey: ["customers", customer, "timeline"],
    queryFn: () =>
      bodyOf(
        api.GET("/api/customers/{customer_id}/timeline", { params: { path: { customer_id: customer } } }),
      ),
  });
}

export function customerQuery(customer: number) {
  return queryOptions({
    queryKey: ["customers", customer],
    queryFn: () =>
      bodyOf(api.GET("/api/customers/{customer_id}", { params: { path: { customer_id: customer } } })),
  });
}

export function waveformQuery(recording: string) {
  return queryOptions({
    queryKey: ["recordings", recording, "waveform"],
    queryFn: () =>
      bodyOf(
        api.GET("/api/recordings/{recording_id}/waveform", { params: { path: { recording_id: recording } } }),
      ),
    staleTime: Number.POSITIVE_INFINITY,
  });
}
