import { Users } from "lucide-react";
import { useTranslation } from "react-i18next";
import { localName } from "@/lib/names";
import { formatNumber } from "@/lib/numbers";
import { formatDuration, secondsSince } from "@/lib/time";
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
  if (queues.length === 0)
    return <EmptyState icon={Users} title={t("queues.emptyTitle")} hint={t("queues.emptyHint")} />;
  return (
    <ul>
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
