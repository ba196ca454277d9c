import type { Queue } from "./api";

export type Ring = Queue["rings"][number];

const FIRST_S = 30;

/** A fresh ring, half a minute after the last one. */
export function nextRing(rings: readonly Ring[]): Ring {
  return { after_s: (rings.at(-1)?.after_s ?? 0) + FIRST_S, lower_by: 1, drop: [], add_queues: [] };
}

/** Whether the ring at `index` begins later than the one before it. */
export function afterPrevious(rings: readonly Ring[], index: number, after_s: number): boolean {
  const before = rings[index - 1];
  return before === undefined || after_s > before.after_s;
}
