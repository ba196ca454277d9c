import { keepPreviousData, queryOptions } from "@tanstack/react-query";
import { api, bodyOf, type Schema } from "@/api/client";
import { nextDay, startOfDay } from "@/lib/days";
import { toListQuery } from "@/ui/list-search";
import type { CallbacksSearch } from "./search";

export type Callback = Schema<"CallbackOut">;

/** What waits moves by itself: in line, to an agent, to its next attempt. */
const OPEN_EVERY_MS = 10_000;

/** The search of the address as the API takes it. */
export function toCallbacksQuery(search: CallbacksSearch, timeZone: string) {
  return {
    ...toListQuery(search),
    ...(search.kind && { kind: search.kind }),
    ...(search.state && { state: search.state }),
    ...(search.queue && { queue: search.queue }),
    ...(search.agent && { agent: search.agent }),
    ...(search.from && { from: startOfDay(search.from, timeZone) }),
    ...(search.to && { to: startOfDay(nextDay(search.to), timeZone) }),
  };
}

export function isOpen(row: Callback): boolean {
  return row.state === "waiting" || row.state === "working";
}

export function callbacksQuery(query: ReturnType<typeof toCallbacksQuery>) {
  return queryOptions({
    queryKey: ["callbacks", query],
    queryFn: () => bodyOf(api.GET("/api/callbacks", { params: { query } })),
    placeholderData: keepPreviousData,
    refetchInterval: ({ state }) => (state.data?.items.some(isOpen) ? OPEN_EVERY_MS : false),
  });
}

export function cancelCallback(id: string): Promise<void> {
  return bodyOf(api.POST("/api/callbacks/{callback_id}/cancel", { params: { path: { callback_id: id } } }));
}

export function reassignCallback(id: string, to: { queue: number; agent: number | null }): Promise<void> {
  return bodyOf(
    api.POST("/api/callbacks/{callback_id}/reassign", { params: { path: { callback_id: id } }, body: to }),
  );
}

export function requestCallback(body: Schema<"CallbackRequestIn">): Promise<Schema<"CallbackMadeOut">> {
  return bodyOf(api.POST("/api/callbacks", { body }));
}
