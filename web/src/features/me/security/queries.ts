import { queryOptions } from "@tanstack/react-query";
import { api, bodyOf, type Schema } from "@/api/client";

export type OwnSession = Schema<"LoginSessionOut">;

export const secondFactorQuery = queryOptions({
  queryKey: ["me", "second-factor"],
  queryFn: () => bodyOf(api.GET("/api/me/second-factor")),
});

export const ownSessionsQuery = queryOptions({
  queryKey: ["me", "sessions"],
  queryFn: async () => (await bodyOf(api.GET("/api/me/sessions"))).items,
});
