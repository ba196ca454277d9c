import { infiniteQueryOptions, queryOptions } from "@tanstack/react-query";
import { api, bodyOf, type Schema } from "@/api/client";
import { nextDay, startOfDay } from "@/lib/days";
import type { Kind } from "./kinds";

export type Entry = Schema<"TimelineEntryOut">;
export type Contact = Schema<"InteractionOut">;
export type Note = Schema<"NoteOut">;
export type FollowUp = Schema<"FollowUpOut">;
export type Change = Schema<"ChangeOut">;
export type Person = Schema<"PersonOut">;

/** What a timeline is narrowed to, as the address of the record page holds it. */
export interface TimelineFilter {
  kind?: Kind | undefined;
  person?: number | undefined;
  from?: string | undefined;
  to?: string | undefined;
}

const PREPARING_MS = 3000;

/** Recordings that are being made, and what came of the contact that just ended, stand in the record within seconds. */
function isPreparing(contact: Contact, over: string | undefined): boolean {
  return (
    (contact.id === over && !contact.outcome) ||
    contact.recordings.some(({ state }) => state === "recording" || state === "processing")
  );
}

/** Everything between a customer and us, newest first, a page at a time. `over`: the contact that ended just now. */
export function timelineQuery(customer: number, filter: TimelineFilter, zone: string, over?: string) {
  return infiniteQueryOptions({
    queryKey: ["customers", customer, filter, over, "timeline"],
    queryFn: ({ pageParam }) =>
      bodyOf(
        api.GET("/api/customers/{customer_id}/timeline", {
          params: {
            path: { customer_id: customer },
            query: {
              ...(pageParam && { before: pageParam }),
              ...(filter.kind && { kind: [filter.kind] }),
              ...(filter.person && { person: filter.person }),
              ...(filter.from && { from: startOfDay(filter.from, zone) }),
              ...(filter.to && { to: startOfDay(nextDay(filter.to), zone) }),
            },
          },
        }),
      ),
    initialPageParam: "",
    getNextPageParam: (last) => last.next,
    refetchInterval: ({ state }) =>
      state.data?.pages.some((page) =>
        page.items.some(({ contact }) => contact && isPreparing(contact, over)),
      )
        ? PREPARING_MS
        : false,
  });
}

export function contactAloneQuery(interaction: string, over: string | undefined) {
  return queryOptions({
    queryKey: ["interactions", interaction],
    queryFn: () =>
      bodyOf(
        api.GET("/api/interactions/{interaction_id}", { params: { path: { interaction_id: interaction } } }),
      ),
    refetchInterval: ({ state }) => (state.data && isPreparing(state.data, over) ? PREPARING_MS : false),
  });
}

export function revisionsQuery(note: number) {
  return queryOptions({
    queryKey: ["notes", note, "revisions"],
    queryFn: () => bodyOf(api.GET("/api/notes/{note_id}/revisions", { params: { path: { note_id: note } } })),
    staleTime: 0,
  });
}

export function colleaguesQuery(search: string) {
  return queryOptions({
    queryKey: ["colleagues", search],
    queryFn: () => bodyOf(api.GET("/api/colleagues", { params: { query: { search } } })),
    staleTime: 60_000,
  });
}
