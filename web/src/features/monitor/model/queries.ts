import { queryOptions } from "@tanstack/react-query";
import { api, bodyOf } from "@/api/client";

/** The company's teams, to filter by. */
export const teamsQuery = queryOptions({
  queryKey: ["settings", "organisation"],
  queryFn: () => bodyOf(api.GET("/api/organisation")),
});

/** Which agents serve which queue; refreshed when administration changes something. */
export const membersQuery = queryOptions({
  queryKey: ["settings", "queues", "members"],
  queryFn: async () =>
    (await bodyOf(api.GET("/api/queues", { params: { query: { page_size: 200 } } }))).items,
  staleTime: Number.POSITIVE_INFINITY,
});
