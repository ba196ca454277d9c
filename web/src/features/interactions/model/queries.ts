import { keepPreviousData, queryOptions } from "@tanstack/react-query";
import { api, bodyOf, type Schema } from "@/api/client";
import { toFilterQuery } from "@/ui/contact-filter";
import { toListQuery } from "@/ui/list-search";
import type { ContactsSearch } from "./search";

export type Contact = Schema<"InteractionOut">;
export type ContactDetail = Schema<"InteractionDetailOut">;

/** The search of the address as the API takes it. */
export function toContactsQuery(search: ContactsSearch, timeZone: string) {
  return {
    ...toListQuery(search),
    ...toFilterQuery(search, timeZone),
    ...(search.outcome && { outcome: search.outcome }),
    ...(search.entry_rule && { entry_rule: search.entry_rule }),
    ...(search.said && { said: search.said }),
    ...(search.view && { missed: true }),
    ...(search.view === "missed" && { handled: false }),
  };
}

/** Missed calls are told by no event, so they are asked for now and then; other lists stand until they are changed. */
const MISSED_EVERY_MS = 30_000;

export function contactsQuery(query: ReturnType<typeof toContactsQuery>) {
  return queryOptions({
    queryKey: ["interactions", "list", query],
    queryFn: () => bodyOf(api.GET("/api/interactions", { params: { query } })),
    placeholderData: keepPreviousData,
    refetchInterval: query.missed ? MISSED_EVERY_MS : false,
  });
}

/** The rules by which contacts come to their flows, for who may see them. */
export const entryRulesQuery = queryOptions({
  queryKey: ["settings", "entry-rules", "names"],
  queryFn: () => bodyOf(api.GET("/api/entry-rules", { params: { query: { page_size: 200 } } })),
});

const LIVE_EVERY_MS = 5_000;

function isUnfinished(contact: ContactDetail): boolean {
  const isBeingMade = contact.recordings.some(({ state }) => state === "recording" || state === "processing");
  return contact.ended_at === null || isBeingMade;
}

/** One contact with its segments and wrap-ups; asked again while it lives, or its recording is being made. */
export function contactDetailQuery(interaction: string) {
  return queryOptions({
    queryKey: ["interactions", interaction, "detail"],
    queryFn: () =>
      bodyOf(
        api.GET("/api/interactions/{interaction_id}", { params: { path: { interaction_id: interaction } } }),
      ),
    refetchInterval: ({ state }) => (state.data && isUnfinished(state.data) ? LIVE_EVERY_MS : false),
  });
}
