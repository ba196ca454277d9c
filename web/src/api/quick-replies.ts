import { queryOptions } from "@tanstack/react-query";
import { api, bodyOf } from "./client";

const MOST = 200;

/** One's own quick replies and everybody's, small enough to be matched without asking at every key. */
export const repliesQuery = queryOptions({
  queryKey: ["settings", "quick-replies", "mine"],
  queryFn: async () => {
    const query = { page_size: MOST, sort: "position" };
    return (await bodyOf(api.GET("/api/quick-replies", { params: { query } }))).items;
  },
  staleTime: 60_000,
});
