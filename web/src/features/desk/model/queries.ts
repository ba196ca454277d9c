import { queryOptions } from "@tanstack/react-query";
import { api, bodyOf } from "@/api/client";
import type { Contact } from "@/api/interactions";

const PREPARING_MS = 3000;

/**
 * How soon to ask again: what came of the call that is `over`, and a recording that is being prepared, stand in the
 * record within seconds after the call.
 */
export function untilReady(
  contacts: readonly Contact[] | undefined,
  over: string | undefined,
): number | false {
  const isPreparing = contacts?.some(
    (contact) =>
      (contact.id === over && !contact.outcome) ||
      contact.recordings.some(({ state }) => state === "recording" || state === "processing"),
  );
  return isPreparing ? PREPARING_MS : false;
}

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
export function timelineQuery(customer: number, over: string | undefined) {
  return queryOptions({
    queryKey: ["customers", customer, "timeline"],
    refetchInterval: (query: { state: { data?: { items: Contact[] } | undefined } }) =>
      untilReady(query.state.data?.items, over),
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
