import { type QueryClient, useQueryClient } from "@tanstack/react-query";
import { useEffect, useRef } from "react";
import { useUser } from "@/api/session";
import type { InteractionRow } from "@/live/messages";
import { useLive } from "@/live/store";
import { recentQuery } from "./queries";

/** When the record is asked after a change, in milliseconds: it trails the call by a moment, by more when much goes on. */
const ASKED_AFTER_MS = [800, 2_500, 6_000, 15_000];

/** What the record depends on: who has which contact, and which are over. */
function recordKey(mine: readonly InteractionRow[]): string {
  return mine.map((row) => `${row.id} ${row.phase === "ended" ? "over" : (row.agent ?? "")}`).join(",");
}

/** Fetch lists and timelines again when one of my contacts is answered or over, or a caller left a queue; and
 * again, less and less often, while a contact that is over does not stand in the record. `shown` may be a call that
 * failed before any message told of it. */
export function useFreshContacts(shown: string | undefined): void {
  const queryClient = useQueryClient();
  const agent = useUser()?.agent?.id;
  const key = useLive(
    ({ me, mine, queues }) =>
      `${recordKey(mine)} ${me?.since} ${queues.reduce((sum, queue) => sum + queue.waiting, 0)}`,
  );
  const awaited = useRef(new Set<string>());
  const shownBefore = useRef<string>(undefined);
  useEffect(() => {
    void key;
    if (shown && shown !== shownBefore.current) awaited.current.add(shown);
    shownBefore.current = shown;
    for (const { id } of useLive.getState().mine) awaited.current.add(id);
    let timer: ReturnType<typeof setTimeout>;
    const askAfter = (asked: number, waited_ms: number) => {
      const next_ms = ASKED_AFTER_MS[asked];
      if (next_ms === undefined) return awaited.current.clear();
      timer = setTimeout(async () => {
        await fetchAgain(queryClient);
        if (isAllRecorded(queryClient, agent, awaited.current)) return;
        askAfter(asked + 1, next_ms);
      }, next_ms - waited_ms);
    };
    askAfter(0, 0);
    return () => clearTimeout(timer);
  }, [key, shown, agent, queryClient]);
}

async function fetchAgain(queryClient: QueryClient): Promise<void> {
  await Promise.all([
    queryClient.invalidateQueries({
      queryKey: ["interactions"],
      predicate: ({ queryKey }) => queryKey.at(-1) !== "wrap-up",
    }),
    queryClient.invalidateQueries({
      queryKey: ["customers"],
      predicate: ({ queryKey }) => queryKey.at(-1) === "timeline",
    }),
  ]);
}

/** Forget what the record holds as over or what still goes on, and say whether that is all. */
function isAllRecorded(queryClient: QueryClient, agent: number | undefined, awaited: Set<string>): boolean {
  const recent = queryClient.getQueryData(recentQuery(agent).queryKey)?.items ?? [];
  const goesOn = new Set(
    useLive
      .getState()
      .mine.filter((row) => row.phase !== "ended")
      .map((row) => row.id),
  );
  let isAll = true;
  for (const id of awaited) {
    if (recent.some((contact) => contact.id === id && contact.outcome)) awaited.delete(id);
    else if (!goesOn.has(id)) isAll = false;
  }
  return isAll;
}
