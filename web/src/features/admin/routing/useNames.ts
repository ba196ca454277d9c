import { useQuery } from "@tanstack/react-query";
import type { NameOf } from "../audit/model/useValueWords";
import { allFlows, allHours, allQueues, allUsers } from "../model/queries";

const USERS = new Set(["agent", "members", "user"]);
const QUEUES = new Set(["queue", "queues", "add_queues"]);
const HOURS = new Set(["hours", "hours_id"]);
const FLOWS = new Set(["flow", "flow_id"]);

/** What ids in a change of settings are called. */
export function useNames(): NameOf {
  const users = toNames(useQuery(allUsers).data);
  const queues = toNames(useQuery(allQueues).data);
  const hours = toNames(useQuery(allHours).data);
  const flows = toNames(useQuery(allFlows).data);
  return (field, value) => {
    if (USERS.has(field)) return users.get(Number(value));
    if (QUEUES.has(field)) return queues.get(Number(value));
    if (HOURS.has(field)) return hours.get(Number(value));
    return FLOWS.has(field) ? flows.get(Number(value)) : undefined;
  };
}

function toNames(rows: readonly { id: number; name: string }[] | undefined): ReadonlyMap<number, string> {
  return new Map(rows?.map(({ id, name }) => [id, name]));
}
