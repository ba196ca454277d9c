/** A list's address as a saved view keeps it. */
import type { Schema } from "@/api/client";

export type SavedView = Schema<"ViewOut">;
export type Sharing = SavedView["sharing"];

/** Which page somebody was on is no part of what the list shows. */
const NOT_KEPT = new Set(["page", "open"]);

/** What follows the "?", in one order, so that two addresses that show the same are the same. */
export function toViewQuery(searchText: string): string {
  const kept = [...new URLSearchParams(searchText)].filter(([name]) => !NOT_KEPT.has(name));
  kept.sort(([one], [other]) => (one < other ? -1 : one > other ? 1 : 0));
  return new URLSearchParams(kept).toString();
}

/** The view that the list shows now; among several, the one that was opened last. */
export function shownView(
  views: readonly SavedView[],
  searchText: string,
  lastOpened: number | null,
): SavedView | undefined {
  const query = toViewQuery(searchText);
  const fitting = views.filter((view) => toViewQuery(view.query) === query);
  return fitting.find((view) => view.id === lastOpened) ?? fitting[0];
}

/** The ids after moving one by so many places; unchanged where it would leave the list. */
export function moved(ids: readonly number[], id: number, by: number): number[] {
  const from = ids.indexOf(id);
  const to = from + by;
  if (from < 0 || to < 0 || to >= ids.length) return [...ids];
  const next = ids.filter((each) => each !== id);
  next.splice(to, 0, id);
  return next;
}
