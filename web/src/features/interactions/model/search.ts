import { type ContactFilter, readContactFilter } from "@/ui/contact-filter";
import { compact, type ListSearch, oneOf, readListSearch, wholeNumber } from "@/ui/list-search";
import { type Outcome, outcomes } from "./outcomes";

/** All contacts, or the missed calls: those still to be called back, or all of them. */
export const contactViews = ["missed", "missed_all"] as const;
export type ContactView = (typeof contactViews)[number];

export interface ContactsSearch extends ListSearch, ContactFilter {
  view?: ContactView | undefined;
  outcome?: Outcome | undefined;
  /** The entry rule by which it came to its flow. */
  entry_rule?: number | undefined;
  /** Any part of what the caller said in voice navigation. */
  said?: string | undefined;
}

export function readContactsSearch(raw: Record<string, unknown>): ContactsSearch {
  return compact({
    ...readListSearch(raw),
    ...readContactFilter(raw),
    view: oneOf(raw.view, contactViews),
    outcome: oneOf(raw.outcome, outcomes),
    entry_rule: wholeNumber(raw.entry_rule),
    said: typeof raw.said === "string" && raw.said.trim() ? raw.said : undefined,
  });
}
