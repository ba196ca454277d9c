import { Link } from "@tanstack/react-router";
import { ArrowDownLeft, ArrowUpRight, Disc } from "lucide-react";
import { memo } from "react";
import { useTranslation } from "react-i18next";
import { localName } from "@/lib/names";
import { formatNumber } from "@/lib/numbers";
import { formatDuration, secondsSince } from "@/lib/time";
import type { InteractionRow, Phase, QueueRow } from "@/live/messages";
import { useServerNow } from "@/live/useServerNow";
import { StatusTag, type Tone } from "@/ui/StatusTag";
import styles from "./LiveRow.module.css";

const PHASE_TONE: Record<Phase, Tone> = {
  flow: "off",
  waiting: "off",
  offered: "ring",
  dialling: "talk",
  talking: "talk",
  held: "acw",
  parked: "acw",
  transferring: "break",
  ended: "off",
};

interface Props {
  row: InteractionRow;
  queue: QueueRow | undefined;
  agent: string | null;
}

export const ConversationRow = memo(function ConversationRow({ row, queue, agent }: Props) {
  const { t, i18n } = useTranslation(["monitor", "softphone"]);
  const now_ms = useServerNow();
  const number = row.customer_number ? formatNumber(row.customer_number) : t("row.hidden");
  const Direction = row.direction === "outbound" ? ArrowUpRight : ArrowDownLeft;
  return (
    <Link to="/interactions/$interaction" params={{ interaction: row.id }} className={styles.row}>
      <Direction size={16} aria-label={t(`direction.${row.direction}`)} />
      <span className={styles.main}>
        <span className={styles.title}>{agent ?? t("conversations.noAgent")}</span>
        <span className={styles.minor}>
          {[number, queue && localName(queue, i18n.language)].filter(Boolean).join(" · ")}
        </span>
      </span>
      <span className={styles.side}>
        {row.is_recording && (
          <Disc size={14} className={styles.recording} aria-label={t("softphone:call.recording")} />
        )}
        <StatusTag tone={PHASE_TONE[row.phase]}>
          {t(`softphone:phase.${row.phase}`)}{" "}
          <span className="numbers">
            {formatDuration(secondsSince(row.held_since ?? row.answered_at ?? row.started_at, now_ms))}
          </span>
        </StatusTag>
      </span>
    </Link>
  );
});
