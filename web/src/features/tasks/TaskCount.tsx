import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useNudge } from "@/live/nudges";
import { taskCountsQuery } from "./model/queries";
import styles from "./TaskCount.module.css";

const MOST_SHOWN = 99;

/** How many tasks are due, on the item of the rail. Its own few lines: a component of Ant Design would split the shell's code. */
export function TaskCount() {
  const queryClient = useQueryClient();
  const counts = useQuery(taskCountsQuery).data;
  useNudge("notifications", () => void queryClient.invalidateQueries({ queryKey: ["follow-ups", "counts"] }));
  const due = (counts?.overdue ?? 0) + (counts?.today ?? 0);
  if (due === 0) return null;
  return (
    <span className={styles.count} data-overdue={(counts?.overdue ?? 0) > 0}>
      {due > MOST_SHOWN ? `${MOST_SHOWN}+` : due}
    </span>
  );
}
