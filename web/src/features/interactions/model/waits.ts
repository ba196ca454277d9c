import { queryOptions } from "@tanstack/react-query";
import { api, bodyOf, type Schema } from "@/api/client";

export type Wait = Schema<"WaitOut">;

export function waitsQuery(interaction: string, isLive: boolean) {
  return queryOptions({
    queryKey: ["interactions", interaction, "waits"],
    queryFn: async () =>
      (
        await bodyOf(
          api.GET("/api/interactions/{interaction_id}/waits", {
            params: { path: { interaction_id: interaction } },
          }),
        )
      ).items,
    refetchInterval: isLive ? 5_000 : false,
  });
}
