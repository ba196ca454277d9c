import { compact, type ListSearch, oneOf, readListSearch, wholeNumber } from "@/ui/list-search";

export const WHEN = ["today", "overdue", "coming", "closed"] as const;
export type When = (typeof WHEN)[number];

/** How the task page stands in the address. Absent `when` is today, absent `whose` one's own. */
export interface TasksSearch extends ListSearch {
  when?: When | undefined;
  whose?: "all" | "claimable" | undefined;
  type?: "followUps" | "care" | undefined;
  /** The task that is open beside the list. */
  task?: number | undefined;
}

export function readTasksSearch(raw: Record<string, unknown>): TasksSearch {
  return compact({
    ...readListSearch(raw),
    when: oneOf(raw.when, WHEN),
    whose: oneOf(raw.whose, ["all", "claimable"] as const),
    type: oneOf(raw.type, ["followUps", "care"] as const),
    task: wholeNumber(raw.task),
  });
}
