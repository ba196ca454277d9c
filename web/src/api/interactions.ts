import { queryOptions } from "@tanstack/react-query";
import { api, bodyOf, type Schema } from "./client";
import { ApiProblem } from "./problem";

export type Pop = Schema<"PopOut">;
export type Contact = Schema<"InteractionOut">;
export type WrapUp = Schema<"WrapUpOut">;

/** A desk hears of a contact before it stands in the records: what asks for it there waits for that a while. */
export const whenStored = {
  retry: (tries: number, problem: Error): boolean =>
    problem instanceof ApiProblem && problem.status === 404 && tries < 15,
  retryDelay: 1000,
};

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
    ...whenStored,
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
