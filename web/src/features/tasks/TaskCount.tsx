import { useQuery, useQueryClient } from "@tanstack/react-query";
import { Badge } from "antd";
import { useNudge } from "@/live/nudges";
import { taskCountsQuery } from "./model/queries";

/** How many tasks are due, on the item of the rail. */
export function TaskCount() {
  const queryClient = useQueryClient();
  const counts = useQuery(taskCountsQuery).data;
  useNudge("notifications", () => void queryClient.invalidateQueries({ queryKey: ["follow-ups", "counts"] }));
  const due = (counts?.overdue ?? 0) + (counts?.today ?? 0);
  return <Badge count={due} size="small" overflowCount={99} color={counts?.overdue ? "red" : "blue"} />;
}
