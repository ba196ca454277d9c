import { api, bodyOf, type Schema } from "@/api/client";

export type Hold = Schema<"HoldOut">;

interface Held {
  id: string;
  interaction: string;
}

/** Keep a recording, or all of its contact, until it is released. */
export function hold(row: Held, scope: Hold["scope"], reason: string): Promise<Hold> {
  if (scope === "interaction")
    return bodyOf(
      api.PUT("/api/interactions/{interaction_id}/hold", {
        params: { path: { interaction_id: row.interaction } },
        body: { reason },
      }),
    );
  return bodyOf(
    api.PUT("/api/recordings/{recording_id}/hold", {
      params: { path: { recording_id: row.id } },
      body: { reason },
    }),
  );
}

export function release(row: Held, scope: Hold["scope"]): Promise<void> {
  if (scope === "interaction")
    return bodyOf(
      api.DELETE("/api/interactions/{interaction_id}/hold", {
        params: { path: { interaction_id: row.interaction } },
      }),
    );
  return bodyOf(
    api.DELETE("/api/recordings/{recording_id}/hold", { params: { path: { recording_id: row.id } } }),
  );
}
