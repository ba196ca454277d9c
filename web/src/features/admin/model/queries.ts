import { queryOptions, useQueryClient } from "@tanstack/react-query";
import { api, bodyOf, type Schema } from "@/api/client";
import type { ListPage, ListQuery } from "./api";
import * as resources from "./api";

const PAGE_SIZE = 200;

interface Listed<Row, Query extends ListQuery> {
  noun: string;
  list: (query: Query) => Promise<ListPage<Row>>;
}

/** One page of a list, as the address asks for it. */
export function listQuery<Row, Query extends ListQuery>({ noun, list }: Listed<Row, Query>, query: Query) {
  return queryOptions({
    queryKey: ["settings", noun, "list", query],
    queryFn: () => list(query),
    placeholderData: (before) => before,
  });
}

/** Everything of one kind, for fields that choose from it and for names of ids. */
export function allQuery<Row>({ noun, list }: Listed<Row, ListQuery>) {
  return queryOptions({ queryKey: ["settings", noun, "all"], queryFn: () => fetchAll(list) });
}

async function fetchAll<Row>(list: (query: ListQuery) => Promise<ListPage<Row>>): Promise<Row[]> {
  const rows: Row[] = [];
  for (let page = 1; ; page += 1) {
    const { items, total } = await list({ page, page_size: PAGE_SIZE });
    rows.push(...items);
    if (items.length < PAGE_SIZE || rows.length >= total) return rows;
  }
}

export const allUsers = allQuery<resources.User>(resources.users);
export const allQueues = allQuery<resources.Queue>(resources.queues);
export const allNumbers = allQuery<resources.PhoneNumber>(resources.numbers);
export const allTrunks = allQuery<resources.Trunk>(resources.trunks);
export const allTelephones = allQuery<resources.Telephone>(resources.telephones);
export const allHours = allQuery<resources.Hours>(resources.hours);
export const allDispositions = allQuery<resources.Disposition>(resources.dispositions);
export const allReasons = allQuery<resources.Reason>(resources.reasons);
export const allFlows = allQuery<resources.Flow>({
  noun: "flows",
  list: (query) => bodyOf(api.GET("/api/flows", { params: { query } })),
});

/** Prompts to choose from; the spoken numbers are left out. */
export const allPrompts = allQuery<Schema<"PromptOut">>({
  noun: "prompts",
  list: (query) => bodyOf(api.GET("/api/prompts", { params: { query: { ...query, numbers: false } } })),
});

export const outboundQuery = queryOptions({
  queryKey: ["settings", "outbound"],
  queryFn: () => bodyOf(api.GET("/api/outbound")),
});

export function saveOutbound(body: Schema<"OutboundIn">): Promise<Schema<"OutboundOut">> {
  return bodyOf(api.PUT("/api/outbound", { body }));
}

/** Settings refer to each other (a queue's members, a number's flow), so a change makes all of them old. */
export function useSettingsChanged(): () => Promise<void> {
  const queryClient = useQueryClient();
  return () => queryClient.invalidateQueries({ queryKey: ["settings"] });
}
