import { useEffect, useEffectEvent } from "react";

/** Hints that something shall be fetched again. They hold no data, and whoever misses one fetches a little later. */
const listeners = new Map<string, Set<() => void>>();

export function tellNudge(topic: string): void {
  for (const act of listeners.get(topic) ?? []) act();
}

/** After a lost connection: whatever was hinted at meanwhile is fetched now. */
export function tellAllNudges(): void {
  for (const topic of listeners.keys()) tellNudge(topic);
}

/** Do something at each hint of a topic, until the returned function is called. */
export function onNudge(topic: string, act: () => void): () => void {
  const acts = listeners.get(topic) ?? new Set();
  listeners.set(topic, acts.add(act));
  return () => {
    acts.delete(act);
    if (acts.size === 0) listeners.delete(topic);
  };
}

export function useNudge(topic: string, act: () => void): void {
  const latest = useEffectEvent(act);
  useEffect(() => onNudge(topic, () => latest()), [topic]);
}
