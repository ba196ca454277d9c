import { isDay } from "@/lib/days";
import { compact, type ListSearch, oneOf, readListSearch, someText, wholeNumber } from "@/ui/list-search";

export const kinds = ["callback", "voicemail"] as const;
/** "open": what waits or is being worked on. */
export const states = ["open", "waiting", "working", "done", "failed", "expired", "cancelled"] as const;

export interface CallbacksSearch extends ListSearch {
  kind?: (typeof kinds)[number] | undefined;
  state?: (typeof states)[number] | undefined;
  queue?: number | undefined;
  agent?: number | undefined;
  from?: string | undefined;
  to?: string | undefined;
  /** The message in the player. */
  play?: string | undefined;
}

export function readCallbacksSearch(raw: Record<string, unknown>): CallbacksSearch {
  return compact({
    ...readListSearch(raw),
    kind: oneOf(raw.kind, kinds),
    state: oneOf(raw.state, states),
    queue: wholeNumber(raw.queue),
    agent: wholeNumber(raw.agent),
    from: isDay(raw.from) ? raw.from : undefined,
    to: isDay(raw.to) ? raw.to : undefined,
    play: someText(raw.play),
  });
}
