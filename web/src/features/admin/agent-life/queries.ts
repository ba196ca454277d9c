import { queryOptions } from "@tanstack/react-query";
import { api, bodyOf, type Schema } from "@/api/client";

export type RestPolicy = Schema<"RestPolicyBody">;

export const restPolicyQuery = queryOptions({
  queryKey: ["settings", "rest-policy"],
  queryFn: () => bodyOf(api.GET("/api/rests/policy")),
});

export function saveRestPolicy(body: RestPolicy) {
  return bodyOf(api.PATCH("/api/rests/policy", { body }));
}
