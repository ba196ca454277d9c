import { useQueryClient } from "@tanstack/react-query";
import { useEffect } from "react";
import type { InteractionRow } from "@/live/messages";
import { useLive } from "@/live/store";

/** What the record depends on: who has which contact, and which are over. */
function recordKey(mine: readonly InteractionRow[]): string {
  return mine.map((row) => `${row.id} ${row.phase === "ended" ? "over" : (row.agent ?? "")}`).join(",");
}

const PROJECTION_MS = 800;

/** Fetch lists and timelines again when one of my contacts is answered or over, or a caller left a queue. The record trails the call by a moment. */
export function useFreshContacts(): void {
  const queryClient = useQueryClient();
  const key = useLive(
    (state) => `${recordKey(state.mine)} ${state.queues.reduce((sum, queue) => sum + queue.waiting, 0)}`,
  );
  useEffect(() => {
    void key;
    const timer = setTimeout(() => {
      void queryClient.invalidateQueries({
        queryKey: ["interactions"],
        predicate: ({ queryKey }) => queryKey.at(-1) !== "wrap-up",
      });
      void queryClient.invalidateQueries({
        queryKey: ["customers"],
        predicate: ({ queryKey }) => queryKey.at(-1) === "timeline",
      });
    }, PROJECTION_MS);
    return () => clearTimeout(timer);
  }, [key, queryClient]);
}
