import { Link } from "@tanstack/react-router";
import { Disc, Eye } from "lucide-react";
import { memo } from "react";
import { useTranslation } from "react-i18next";
import { SuperviseMenu } from "@/features/supervision";
import { localName } from "@/lib/names";
import { formatNumber } from "@/lib/numbers";
import { formatDuration, secondsSince } from "@/lib/time";
import type { InteractionRow, Phase, QueueRow } from "@/live/messages";
import { useColleague } from "@/live/useColleague";
import { useServerNow } from "@/live/useServerNow";
import { DIRECTION_ICONS } from "@/ui/DirectedNumber";
import { StatusTag, type Tone } from "@/ui/StatusTag";
import { UnseenMark } from "@/ui/UnseenMark";
import { phaseSince } from "../model/phase-since";
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
  message: "off",
  postponed: "off",
  ended: "off",
};

interface Props {
  row: InteractionRow;
  queue: QueueRow | undefined;
  agent: string | null;
  /** Who parked it. */
  parkedBy: string | null;
  /** Names of the supervisors who are beside it. */
  watchers: readonly string[];
  maySupervise: boolean;
}

export const ConversationRow = memo(function ConversationRow({
  row,
  queue,
  agent,
  parkedBy,
  watchers,
  maySupervise,
}: Props) {
  const { t, i18n } = useTranslation(["monitor", "softphone", "supervision"]);
  const now_ms = useServerNow();
  const number = row.customer_number ? formatNumber(row.customer_number) : t("row.hidden");
  const Direction = DIRECTION_ICONS[row.direction];
  const colleague = useColleague(row);
  return (
    <div className={styles.row}>
      <Link to="/interactions/$interaction" params={{ interaction: row.id }} className={styles.to}>
        <Direction size={16} aria-label={t(`direction.${row.direction}`)} />
        <span className={styles.main}>
          <span className={styles.title}>
            {row.parked
              ? t("conversations.slot", { slot: row.parked.slot, name: parkedBy })
              : (agent ?? t("conversations.noAgent"))}
          </span>
          <span className={styles.minor}>
            {[
              colleague ?? number,
              queue && localName(queue, i18n.language),
              row.consult && t("conversations.consulting"),
            ]
              .filter(Boolean)
              .join(" · ")}
          </span>
        </span>
      </Link>
      <span className={styles.side}>
        {row.unseen_since && <UnseenMark since={row.unseen_since} />}
        {watchers.length > 0 && (
          <Eye size={14} aria-label={t("supervision:watching", { names: watchers.join(", ") })} />
        )}
        {row.is_recording && (
          <Disc size={14} className={styles.recording} aria-label={t("softphone:call.recording")} />
        )}
        <StatusTag tone={PHASE_TONE[row.phase]}>
          {t(`softphone:phase.${row.phase}`)}{" "}
          <span className="numbers">{formatDuration(secondsSince(phaseSince(row), now_ms))}</span>
        </StatusTag>
        {maySupervise && agent && <SuperviseMenu row={row} agent={agent} />}
      </span>
    </div>
  );
});
