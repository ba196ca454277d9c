import { Button } from "antd";
import { Users } from "lucide-react";
import { useTranslation } from "react-i18next";
import { useCommand } from "@/features/softphone";
import { localName } from "@/lib/names";
import { formatNumber } from "@/lib/numbers";
import { formatDuration, secondsSince } from "@/lib/time";
import type { ParkedCall } from "@/live/messages";
import { useLive } from "@/live/store";
import { useServerNow } from "@/live/useServerNow";
import { EmptyState } from "@/ui/EmptyState";
import { StatusTag } from "@/ui/StatusTag";
import styles from "./WorkList.module.css";

/** The queues: how many wait and are ready; with the board's right also who waits, the longest first. */
export function QueueList() {
  const { t, i18n } = useTranslation("desk");
  const now_ms = useServerNow();
  const queues = useLive((state) => state.queues);
  const board = useLive((state) => state.board);
  const parked = useLive((state) => state.parked);
  if (queues.length === 0 && parked.length === 0)
    return <EmptyState icon={Users} title={t("queues.emptyTitle")} hint={t("queues.emptyHint")} />;
  return (
    <ul>
      {parked.map((call) => (
        <ParkedItem key={call.slot} call={call} />
      ))}
      {queues.map((queue) => (
        <li key={queue.id} className={styles.queue}>
          <span className={styles.queueHead}>
            <strong>{localName(queue, i18n.language)}</strong>
            <StatusTag tone={queue.waiting > 0 ? "acw" : "off"}>
              {t("queues.waiting", { count: queue.waiting })}
            </StatusTag>
          </span>
          <span className={styles.minor}>{t("queues.ready", { count: queue.agents_ready })}</span>
          {(board?.interactions ?? [])
            .filter((row) => row.queue === queue.id && (row.phase === "waiting" || row.phase === "offered"))
            .sort((a, b) => (a.queued_at ?? "").localeCompare(b.queued_at ?? ""))
            .map((row) => (
              <span key={row.id} className={styles.waiter}>
                <span>{formatNumber(row.customer_number ?? "") || "—"}</span>
                <span>{formatDuration(secondsSince(row.queued_at, now_ms))}</span>
              </span>
            ))}
        </li>
      ))}
    </ul>
  );
}

/** A parked call: who parked it, since when; any agent may fetch it. */
function ParkedItem({ call }: { call: ParkedCall }) {
  const { t } = useTranslation("desk");
  const { ask, isBusy } = useCommand();
  const now_ms = useServerNow();
  const by = useLive((state) => state.colleagues.find((each) => each.id === call.by_agent)?.name);
  return (
    <li className={styles.queue}>
      <span className={styles.queueHead}>
        <strong>{t("parked.title", { slot: call.slot })}</strong>
        <Button
          size="small"
          disabled={isBusy}
          aria-label={t("parked.fetchSlot", { slot: call.slot })}
          onClick={() => void ask({ do: "Unpark", slot: call.slot })}
        >
          {t("parked.fetch")}
        </Button>
      </span>
      <span className={styles.minor}>
        {[by, formatNumber(call.number ?? ""), formatDuration(secondsSince(call.parked_at, now_ms))]
          .filter(Boolean)
          .join(" · ")}
      </span>
    </li>
  );
}
