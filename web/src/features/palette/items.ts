/** What the command palette finds: plain functions of items, so that its order can be tested. */

export interface Item {
  /** names it among the recent ones: "page /desk", "customer 7" */
  id: string;
  group: "recent" | "dial" | "customers" | "actions" | "pages" | "settings";
  label: string;
  hint?: string | undefined;
  /** more words by which it is found */
  words?: string;
  run: () => void;
}

function rank(item: Item, wanted: readonly string[]): number {
  const label = item.label.toLowerCase();
  const all = `${label} ${item.words?.toLowerCase() ?? ""} ${item.hint?.toLowerCase() ?? ""}`;
  if (!wanted.every((word) => all.includes(word))) return -1;
  const [first = ""] = wanted;
  if (label.startsWith(first)) return 0;
  return label.includes(first) ? 1 : 2;
}

/** The items that hold every word of `search`, those whose name begins with it first. */
export function findItems(items: readonly Item[], search: string): Item[] {
  const wanted = search.toLowerCase().split(/\s+/).filter(Boolean);
  return items
    .map((item) => ({ item, at: rank(item, wanted) }))
    .filter(({ at }) => at >= 0)
    .sort((a, b) => a.at - b.at)
    .map(({ item }) => item);
}

const KEPT = 6;

/** The recent ones with `id` in front. */
export function withRecent(recent: readonly string[], id: string): string[] {
  return [id, ...recent.filter((each) => each !== id)].slice(0, KEPT);
}

/** Items of the same group stand together, groups in the order of their first item. */
export function grouped(items: readonly Item[]): Map<Item["group"], Item[]> {
  const groups = new Map<Item["group"], Item[]>();
  for (const item of items) groups.set(item.group, [...(groups.get(item.group) ?? []), item]);
  return groups;
}
