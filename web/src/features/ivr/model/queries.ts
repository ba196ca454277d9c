import { keepPreviousData, queryOptions } from "@tanstack/react-query";
import { api, bodyOf, type Schema } from "@/api/client";
import { nextDay, startOfDay } from "@/lib/days";
import { toListQuery } from "@/ui/list-search";
import type { IvrSearch } from "./search";

export type NodeTraffic = Schema<"NodeTrafficOut"> & { key: string };
export type WayTraffic = Schema<"WayTrafficOut"> & { key: string };
export type HourTraffic = Schema<"HourTrafficOut"> & { key: string };
export type FlowFailure = Schema<"FlowFailureOut">;
export type Device = Schema<"DeviceOut">;

/** The figures change with every call: a page that stands open is asked again after so long. */
const FRESH_MS = 30_000;
/** Where callers are changes by the second; trunks are looked at three times a minute. */
const NOW_MS = 3_000;
const DEVICES_MS = 10_000;

function days(search: IvrSearch) {
  return {
    ...(search.flow && { flow: search.flow }),
    ...(search.from && { from: search.from }),
    ...(search.to && { to: search.to }),
  };
}

export function toNodesQuery(search: IvrSearch) {
  return { ...toListQuery(search), ...days(search) };
}

export function nodesQuery(query: ReturnType<typeof toNodesQuery>) {
  return queryOptions({
    queryKey: ["flow-traffic", "nodes", query],
    queryFn: async () => {
      const { items, total } = await bodyOf(api.GET("/api/flow-traffic/nodes", { params: { query } }));
      return { items: items.map((row): NodeTraffic => ({ ...row, key: `${row.flow} ${row.node}` })), total };
    },
    placeholderData: keepPreviousData,
    refetchInterval: FRESH_MS,
  });
}

/** The ways out of one step, all of them: a step has few. */
export function toWaysQuery(search: IvrSearch, flow: number, node: string) {
  return { ...days(search), flow, node, page_size: 200 };
}

export function waysQuery(query: ReturnType<typeof toWaysQuery>) {
  return queryOptions({
    queryKey: ["flow-traffic", "ways", query],
    queryFn: async () => {
      const { items } = await bodyOf(api.GET("/api/flow-traffic/ways", { params: { query } }));
      return items.map((row): WayTraffic => ({ ...row, key: `${row.end} ${row.way}` }));
    },
  });
}

export function toHoursQuery(search: IvrSearch) {
  return { ...toListQuery(search), ...days(search), by: search.by ?? ("hour" as const) };
}

export function hoursQuery(query: ReturnType<typeof toHoursQuery>) {
  return queryOptions({
    queryKey: ["flow-traffic", "hours", query],
    queryFn: async () => {
      const { items, total } = await bodyOf(api.GET("/api/flow-traffic/hours", { params: { query } }));
      const rows = items.map(
        (row): HourTraffic => ({ ...row, key: `${row.flow} ${row.starts_at ?? row.hour}` }),
      );
      return { items: rows, total };
    },
    placeholderData: keepPreviousData,
    refetchInterval: FRESH_MS,
  });
}

export function toFailuresQuery(search: IvrSearch, timeZone: string) {
  return {
    ...toListQuery(search),
    ...(search.flow && { flow: search.flow }),
    ...(search.what && { what: search.what }),
    ...(search.service && { service: search.service }),
    ...(search.from && { from: startOfDay(search.from, timeZone) }),
    ...(search.to && { to: startOfDay(nextDay(search.to), timeZone) }),
  };
}

export function failuresQuery(query: ReturnType<typeof toFailuresQuery>) {
  return queryOptions({
    queryKey: ["flow-traffic", "failures", query],
    queryFn: () => bodyOf(api.GET("/api/flow-traffic/failures", { params: { query } })),
    placeholderData: keepPreviousData,
    refetchInterval: FRESH_MS / 2,
  });
}

/** How many callers are at each step, for whom the live board does not tell each of them. */
export const stepsNowQuery = queryOptions({
  queryKey: ["flow-traffic", "now"],
  queryFn: () => bodyOf(api.GET("/api/flow-traffic/now")),
  refetchInterval: NOW_MS,
});

/** How it stands with the telephone nodes and trunks. */
export const devicesQuery = queryOptions({
  queryKey: ["flow-traffic", "devices"],
  queryFn: () => bodyOf(api.GET("/api/flow-traffic/devices")),
  refetchInterval: DEVICES_MS,
});

/** What flows, kinds of step and trunks are called. */
export const ivrNamesQuery = queryOptions({
  queryKey: ["flow-traffic", "flows"],
  queryFn: () => bodyOf(api.GET("/api/flow-traffic/flows")),
  staleTime: FRESH_MS,
});

export function formatPct(share: number | null): string {
  return share === null ? "–" : `${share.toFixed(1)} %`;
}
