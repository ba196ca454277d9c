import { queryOptions } from "@tanstack/react-query";
import { api, bodyOf, type Schema } from "./client";

export type Pop = Schema<"PopOut">;
export type Contact = Schema<"InteractionOut">;
export type WrapUp = Schema<"WrapUpOut">;

/** Who is calling. Works as soon as the call is known, and is asked again by nobody: linking a customer refreshes it. */
export function popQuery(interaction: string) {
  return queryOptions({
    queryKey: ["interactions", interaction, "pop"],
    queryFn: () =>
      bodyOf(
        api.GET("/api/interactions/{interaction_id}/pop", {
          params: { path: { interaction_id: interaction } },
        }),
      ),
    staleTime: 60_000,
  });
}

export function contactQuery(interaction: string) {
  return queryOptions({
    queryKey: ["interactions", interaction],
    queryFn: () =>
      bodyOf(
        api.GET("/api/interactions/{interaction_id}", { params: { path: { interaction_id: interaction } } }),
      ),
  });
}

export function wrapUpQuery(interaction: string) {
  return queryOptions({
    queryKey: ["interactions", interaction, "wrap-up"],
    queryFn: () =>
      bodyOf(
        api.GET("/api/interactions/{interaction_id}/wrap-up", {
          params: { path: { interaction_id: interaction } },
        }),
      ),
    staleTime: Number.POSITIVE_INFINITY, // the form owns it while it is open
  });
}
