import { useTranslation } from "react-i18next";
import { useTimeZone } from "@/api/session";
import { localName } from "@/lib/names";
import { formatTimeOfDay } from "@/lib/time";
import type { AgentRow } from "@/live/messages";
import { useLive } from "@/live/store";

/** To which queue an agent is lent, and until when; nothing for one who is at home. */
export function LoanNote({ row }: { row: AgentRow }) {
  const { t, i18n } = useTranslation("loans");
  const zone = useTimeZone();
  const queues = useLive((state) => state.queues);
  if (!row.loans?.length) return null;
  const told = row.loans.map((loan) => {
    const queue = queues.find((one) => one.id === loan.queue);
    return t(loan.is_instead ? "noteInstead" : "note", {
      queue: queue ? localName(queue, i18n.language) : loan.queue,
      time: formatTimeOfDay(loan.until, zone).slice(0, 5),
    });
  });
  return <span>{told.join(" · ")}</span>;
}
