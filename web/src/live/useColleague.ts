import { useTranslation } from "react-i18next";
import { localName } from "@/lib/names";
import type { InteractionRow } from "./messages";
import { useLive } from "./store";

/** Of a call between colleagues, with whom it is for this desk: a colleague's name or a queue's. Null of any other call. */
export function useColleague(row: InteractionRow): string | null {
  const { i18n } = useTranslation();
  const me = useLive((state) => state.me?.id);
  const colleagues = useLive((state) => state.colleagues);
  const queues = useLive((state) => state.queues);
  if (row.direction !== "internal") return null;
  const [kind, target] = (row.called ?? "").split(":");
  const nameOf = (agent: number | null) => colleagues.find((each) => each.id === agent)?.name ?? "";
  if (row.colleague !== me) return nameOf(row.colleague);
  if (row.agent !== me) return nameOf(row.agent);
  if (kind === "agent") return nameOf(Number(target));
  const queue = queues.find((each) => each.id === Number(target));
  return queue ? localName(queue, i18n.language) : "";
}
