import { secondsSince } from "@/lib/time";
import { useLive } from "@/live/store";
import { useServerNow } from "@/live/useServerNow";
import { useFreshness } from "./board";

/** A blink of the line is not told. */
const PATIENCE_S = 2;

export interface Age {
  isStale: boolean;
  /** Seconds since the present was last known; null where this page has never known it. */
  stale_s: number | null;
  /** Seconds since something changed; null before the first change that this page saw. */
  quiet_s: number | null;
}

/** How old what is shown is: the socket may be away, or the engine behind it. */
export function useAge(): Age {
  const isOpen = useLive((state) => state.connection === "open");
  const staleSince = useLive((state) => state.staleSince);
  const now_ms = useServerNow();
  const { changedAt_ms, lostAt_ms } = useFreshness();
  const quiet_s = changedAt_ms === null ? null : Math.max(0, (now_ms - changedAt_ms) / 1000);
  if (staleSince) return { isStale: true, stale_s: secondsSince(staleSince, now_ms), quiet_s };
  if (isOpen) return { isStale: false, stale_s: null, quiet_s };
  const lost_s = lostAt_ms === null ? null : Math.max(0, (now_ms - lostAt_ms) / 1000);
  return { isStale: lost_s === null || lost_s > PATIENCE_S, stale_s: lost_s, quiet_s };
}
