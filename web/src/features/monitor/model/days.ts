import { keepPreviousData, queryOptions } from "@tanstack/react-query";
import { api, bodyOf, type Schema } from "@/api/client";

/** A queue's figures of one day; `key` tells the rows apart. */
export type DayFigures = Schema<"QueueDayOut"> & { key: string };

interface Asked {
  from: string;
  to: string;
  queue?: number;
  sort?: string;
  page: number;
  page_size: number;
}

export function dayFiguresQuery(query: Asked) {
  return queryOptions({
    queryKey: ["figures", "days", query],
    queryFn: async () => {
      const { items, total } = await bodyOf(api.GET("/api/figures/days", { params: { query } }));
      return { items: items.map((row): DayFigures => ({ ...row, key: `${row.day} ${row.id}` })), total };
    },
    placeholderData: keepPreviousData,
  });
}
