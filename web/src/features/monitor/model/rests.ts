import { keepPreviousData, queryOptions } from "@tanstack/react-query";
import { api, bodyOf, type Schema } from "@/api/client";

/** An agent's rests for one reason on one day; `key` tells the rows apart. */
export type RestFigures = Schema<"RestDayOut"> & { key: string };

interface Asked {
  team?: number;
  agent?: number;
  reason?: string;
  from: string;
  to: string;
  sort?: string;
  page: number;
  page_size: number;
}

/** Who rested on these days and why: also agents and reasons that are no more. */
export function restChoicesQuery(query: { from: string; to: string }) {
  return queryOptions({
    queryKey: ["figures", "rests", "choices", query],
    queryFn: () => bodyOf(api.GET("/api/figures/rests/choices", { params: { query } })),
    placeholderData: keepPreviousData,
  });
}

export function restFiguresQuery(query: Asked) {
  return queryOptions({
    queryKey: ["figures", "rests", query],
    queryFn: async () => {
      const { items, total } = await bodyOf(api.GET("/api/figures/rests", { params: { query } }));
      return {
        items: items.map((row): RestFigures => ({ ...row, key: `${row.day} ${row.agent} ${row.reason}` })),
        total,
      };
    },
    placeholderData: keepPreviousData,
  });
}
