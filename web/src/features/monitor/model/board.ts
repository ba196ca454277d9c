/** The lead's view of the board: read at most four times a second, so that a burst of changes draws once. */
import { useSyncExternalStore } from "react";
import type { Board } from "@/live/messages";
import { useLive } from "@/live/store";

const DRAW_EVERY_MS = 250;

/** How old what is shown can be. Instants are milliseconds on the server's clock. */
export interface Freshness {
  /** When a message came last; null before the first one seen by this page. */
  changedAt_ms: number | null;
  /** Since when the socket has been away; null while it is open. */
  lostAt_ms: number | null;
}

const listeners = new Set<() => void>();
let board: Board | null = null;
let freshness: Freshness = { changedAt_ms: null, lostAt_ms: null };
let timer: ReturnType<typeof setTimeout> | undefined;
let stop: (() => void) | undefined;

/** The same array while its rows are the same, so that what shows only them need not be drawn again. */
function keepRows<Row>(before: Row[], after: Row[]): Row[] {
  const isSame = before.length === after.length && before.every((row, index) => row === after[index]);
  return isSame ? before : after;
}

function read(): Board | null {
  const next = useLive.getState().board;
  if (!board || !next) return next;
  return {
    agents: keepRows(board.agents, next.agents),
    interactions: keepRows(board.interactions, next.interactions),
    queues: keepRows(board.queues, next.queues),
  };
}

function draw(): void {
  timer = undefined;
  board = read();
  for (const listener of listeners) listener();
}

function start(): void {
  board = read();
  stop = useLive.subscribe((state, before) => {
    const now_ms = Date.now() + state.clockOffset_ms;
    const isOpen = state.connection === "open";
    if (isOpen) freshness = { changedAt_ms: now_ms, lostAt_ms: null };
    else if (before.connection === "open") freshness = { ...freshness, lostAt_ms: now_ms };
    if (before.board === null && state.board !== null) draw();
    else timer ??= setTimeout(draw, DRAW_EVERY_MS);
  });
}

function subscribe(listener: () => void): () => void {
  if (listeners.size === 0) start();
  listeners.add(listener);
  return () => {
    listeners.delete(listener);
    if (listeners.size > 0) return;
    stop?.();
    clearTimeout(timer);
    timer = undefined;
  };
}

/** The board of the right `live.read`; null before the first snapshot, or without the right. Rows keep their identity. */
export function useBoard(): Board | null {
  return useSyncExternalStore(subscribe, () => board);
}

export function useFreshness(): Freshness {
  return useSyncExternalStore(subscribe, () => freshness);
}
