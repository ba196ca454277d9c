/** What of the lead's page stands in its address, so that a view can be shared. */
import { type AgentOrder, agentOrders, type StateGroup, stateGroupNames } from "./agents";
import { type Medium, media, type WaitOrder, waitOrders } from "./lines";

export interface LiveSearch {
  queue?: number | undefined;
  state?: StateGroup | undefined;
  order?: AgentOrder | undefined;
  view?: "list" | undefined;
  /** Of the waiting line. */
  line?: WaitOrder | undefined;
  medium?: Medium | undefined;
  /** Of all contacts, and of the agents in them: only those out of sight. */
  sight?: "unseen" | undefined;
  /** Which figures by day are open, of queues or of rests, and of which days. */
  show?: "days" | "rests" | undefined;
  from?: string | undefined;
  to?: string | undefined;
}

const DAY = /^\d{4}-\d{2}-\d{2}$/;

export function readLiveSearch(raw: Record<string, unknown>): LiveSearch {
  const queue = Number(raw.queue);
  return {
    ...(Number.isInteger(queue) && queue > 0 && { queue }),
    ...(stateGroupNames.includes(raw.state as StateGroup) && { state: raw.state as StateGroup }),
    ...(agentOrders.includes(raw.order as AgentOrder) && { order: raw.order as AgentOrder }),
    ...(raw.view === "list" && { view: "list" as const }),
    ...(waitOrders.includes(raw.line as WaitOrder) && { line: raw.line as WaitOrder }),
    ...(media.includes(raw.medium as Medium) && { medium: raw.medium as Medium }),
    ...(raw.sight === "unseen" && { sight: "unseen" as const }),
    ...((raw.show === "days" || raw.show === "rests") && { show: raw.show }),
    ...(DAY.test(String(raw.from)) && { from: String(raw.from) }),
    ...(DAY.test(String(raw.to)) && { to: String(raw.to) }),
  };
}
