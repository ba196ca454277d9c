import { useTranslation } from "react-i18next";
import { localName } from "@/lib/names";
import { formatNumber } from "@/lib/numbers";
import type { FailedHandoverRow } from "@/live/messages";
import { useLive } from "@/live/store";

const WHY = [
  "rejected",
  "no_answer",
  "busy",
  "refused",
  "unknown_number",
  "congestion",
  "trunk_failed",
  "queue_unstaffed",
] as const;

/** In words: for whom a handover was meant, and why it came to nothing. */
export function useHandoverWords(): (failed: FailedHandoverRow) => { name: string; why: string } {
  const { t, i18n } = useTranslation("handover");
  const colleagues = useLive((state) => state.colleagues);
  const queues = useLive((state) => state.queues);
  return ({ kind, target, number, word }) => {
    const queue = queues.find((each) => each.id === target);
    const names = {
      agent: colleagues.find((each) => each.id === target)?.name ?? t("agent"),
      queue: queue ? localName(queue, i18n.language) : t("queue"),
      number: number ? formatNumber(number) : t("card.number"),
    };
    return { name: names[kind], why: t(`failed.why.${WHY.find((each) => each === word) ?? "failed"}`) };
  };
}
