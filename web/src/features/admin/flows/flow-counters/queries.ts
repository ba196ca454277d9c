import { keepPreviousData, queryOptions } from "@tanstack/react-query";
import { api, bodyOf } from "@/api/client";

export interface CountersAsked {
  version?: number | undefined;
  from?: string | undefined;
  to?: string | undefined;
}

/** Callers come all the time: the counters of an open canvas are asked for again after so long. */
const FRESH_MS = 15_000;

/** What came of callers at each step of the flow; today's where no day is named. */
export function countersQuery(flow: number, asked: CountersAsked) {
  const query = {
    ...(asked.version && { version: asked.version }),
    ...(asked.from && { from: asked.from }),
    ...(asked.to && { to: asked.to }),
  };
  return queryOptions({
    queryKey: ["flow-traffic", "counters", flow, query],
    queryFn: () =>
      bodyOf(api.GET("/api/flow-traffic/flows/{flow_id}", { params: { path: { flow_id: flow }, query } })),
    placeholderData: keepPreviousData,
    refetchInterval: FRESH_MS,
  });
}
