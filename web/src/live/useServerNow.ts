import { useSyncExternalStore } from "react";
import { useLive } from "./store";

// One timer for all the clocks on the page, so that they change together.
const listeners = new Set<() => void>();
let timer: ReturnType<typeof setInterval> | undefined;
let now_ms = Date.now();

function readClock(): void {
  now_ms = Date.now() + useLive.getState().clockOffset_ms;
}

function subscribe(listener: () => void): () => void {
  if (listeners.size === 0) {
    readClock();
    timer = setInterval(() => {
      readClock();
      for (const each of listeners) each();
    }, 1000);
  }
  listeners.add(listener);
  return () => {
    listeners.delete(listener);
    if (listeners.size === 0) clearInterval(timer);
  };
}

/** The server's clock in milliseconds, renewed every second while somebody watches. */
export function useServerNow(): number {
  return useSyncExternalStore(subscribe, () => now_ms);
}
