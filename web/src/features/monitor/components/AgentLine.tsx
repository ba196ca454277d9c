import { Link } from "@tanstack/react-router";
import { memo } from "react";
import { useTranslation } from "react-i18next";
import { LoanNote } from "@/features/loans";
import { toneOf } from "@/features/softphone";
import { ForceMenu } from "@/features/supervision";
import { formatDuration, secondsSince } from "@/lib/time";
import type { AgentRow } from "@/live/messages";
import { useServerNow } from "@/live/useServerNow";
import { StatusTag } from "@/ui/StatusTag";
import { UnseenMark } from "@/ui/UnseenMark";
import styles from "./AgentLine.module.css";

interface Props {
  row: AgentRow;
  state: string;
  reason: string;
  /** Names of the queues that the agent serves. */
  queues: string;
  mayForce: boolean;
  /** Since when the contact's telephone node is out of sight. */
  unseenSince?: string | undefined;
}

/** One agent on a line: more words than the card has room for. */
export const AgentLine = memo(function AgentLine({
  row,
  state,
  reason,
  queues,
  mayForce,
  unseenSince,
}: Props) {
  const { t } = useTranslation(["monitor", "softphone"]);
  const now_ms = useServerNow();
  const restWords = ({ rest, state, missed, reason: why }: AgentRow): string | null => {
    if (rest?.stage === "asked") return t("agents.restAsked");
    if (rest?.stage === "waiting") return t("agents.restWaiting", { place: rest.place ?? 1 });
    if (rest?.stage === "granted") return t("agents.restGranted");
    if (rest?.is_overrun && state === "rest" && rest.until)
      return t("agents.restOverrun", { time: formatDuration(secondsSince(rest.until, now_ms)) });
    return missed && why === "ring_no_answer" ? t("agents.missed", { count: missed }) : null;
  };
  const isAway = row.state !== "logged_out" && row.telephone_state === "away";
  return (
    <div className={styles.line}>
      <strong className={styles.cell}>{row.name}</strong>
      <span className={styles.state}>
        <StatusTag tone={toneOf(row.state)} hasDot>
          {[state, reason].filter(Boolean).join(" · ")}
        </StatusTag>{" "}
        {unseenSince && <UnseenMark since={unseenSince} />}
      </span>
      <span className="numbers">
        {row.since && row.state !== "logged_out" ? formatDuration(secondsSince(row.since, now_ms)) : ""}
      </span>
      <span className={styles.minor}>
        {restWords(row) ??
          (row.next_state && t("softphone:next", { state: t(`softphone:state.${row.next_state}`) }))}
      </span>
      <span className={styles.minor}>{row.loans?.length ? <LoanNote row={row} /> : queues}</span>
      <span className={isAway ? styles.away : styles.minor}>
        {isAway ? t("agents.telephoneAway") : t(`agents.telephone.${row.telephone as "browser"}`)}
      </span>
      {row.interaction ? (
        <Link to="/interactions/$interaction" params={{ interaction: row.interaction }}>
          {t("agents.contact")}
        </Link>
      ) : (
        <span />
      )}
      {mayForce && <ForceMenu row={row} />}
    </div>
  );
});
