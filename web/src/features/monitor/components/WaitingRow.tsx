import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { memo } from "react";
import { useTranslation } from "react-i18next";
import { popQuery } from "@/api/interactions";
import { localName } from "@/lib/names";
import { formatNumber } from "@/lib/numbers";
import { formatDuration, secondsSince } from "@/lib/time";
import type { InteractionRow, QueueRow } from "@/live/messages";
import { useServerNow } from "@/live/useServerNow";
import { StatusTag } from "@/ui/StatusTag";
import { promised, urgencyOf } from "../model/figures";
import styles from "./LiveRow.module.css";

interface Props {
  row: InteractionRow;
  queue: QueueRow | undefined;
  /** Whose telephone rings for this contact. */
  offeredTo: string | null;
}

const URGENCY_TONE = { calm: "off", late: "acw", alarming: "ring" } as const;

/** One caller in line: who, from where, for what, and for how long already. */
export const WaitingRow = memo(function WaitingRow({ row, queue, offeredTo }: Props) {
  const { t, i18n } = useTranslation("monitor");
  const now_ms = useServerNow();
  const pop = useQuery(popQuery(row.id)).data; // name and place; the row stands without them
  const wait_s = secondsSince(row.queued_at ?? row.started_at, now_ms);
  const number = row.customer_number ? formatNumber(row.customer_number) : t("row.hidden");
  const expected = promised(row);
  const name = pop?.matches[0]?.customer.name;
  const hasOthers = (pop?.matches.length ?? 0) > 1;
  return (
    <Link to="/interactions/$interaction" params={{ interaction: row.id }} className={styles.row}>
      <span className={styles.main}>
        <span className={styles.title}>
          {name ? (hasOthers ? t("row.several", { name }) : name) : number}
          {offeredTo && <span className={styles.minor}> {t("waiting.offeredTo", { name: offeredTo })}</span>}
        </span>
        <span className={styles.minor}>
          {[
            name && number,
            pop?.place,
            queue && localName(queue, i18n.language),
            expected && t("waiting.expected", { wait: expected }),
          ]
            .filter(Boolean)
            .join(" · ")}
        </span>
      </span>
      <StatusTag tone={URGENCY_TONE[urgencyOf(wait_s, queue?.service_level_s ?? 20)]}>
        <span className="numbers">{formatDuration(wait_s)}</span>
      </StatusTag>
    </Link>
  );
});
