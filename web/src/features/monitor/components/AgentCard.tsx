import { Link } from "@tanstack/react-router";
import { PhoneOff, Replace } from "lucide-react";
import { memo } from "react";
import { useTranslation } from "react-i18next";
import { toneOf } from "@/features/softphone";
import { ForceMenu } from "@/features/supervision";
import { formatDuration, secondsSince } from "@/lib/time";
import type { AgentRow } from "@/live/messages";
import { useServerNow } from "@/live/useServerNow";
import { UnseenMark } from "@/ui/UnseenMark";
import styles from "./AgentCard.module.css";

interface Props {
  row: AgentRow;
  /** The state in one word: its reason, where it has one. */
  word: string;
  mayForce: boolean;
  /** Since when the contact's telephone node is out of sight. */
  unseenSince?: string | undefined;
}

/** One agent as a tile in the colour of the state; leads to the contact that occupies the agent. */
export const AgentCard = memo(function AgentCard({ row, word, mayForce, unseenSince }: Props) {
  const { t } = useTranslation("monitor");
  const inner = (
    <>
      <span className={styles.name}>
        {row.name}
        {unseenSince && <UnseenMark since={unseenSince} />}
        {!!row.loans?.length && <Replace size={13} aria-label={t("agents.lent")} />}
        {row.state !== "logged_out" && row.telephone_state === "away" && (
          <PhoneOff size={13} className={styles.away} aria-label={t("agents.telephoneAway")} />
        )}
      </span>
      <span className={styles.state}>
        <span className={styles.word}>{word}</span>
        {row.rest?.is_overrun && row.state === "rest" && row.rest.until ? (
          <span className={styles.over} title={t("agents.overrun")}>
            <Timer since={row.rest.until} prefix="+" />
          </span>
        ) : (
          row.since && row.state !== "logged_out" && <Timer since={row.since} />
        )}
      </span>
    </>
  );
  return (
    <div className={styles.card} data-tone={toneOf(row.state)}>
      {row.interaction ? (
        <Link to="/interactions/$interaction" params={{ interaction: row.interaction }} className={styles.to}>
          {inner}
        </Link>
      ) : (
        <div className={styles.to}>{inner}</div>
      )}
      {mayForce && (
        <span className={styles.menu}>
          <ForceMenu row={row} />
        </span>
      )}
    </div>
  );
});

function Timer({ since, prefix = "" }: { since: string; prefix?: string }) {
  const now_ms = useServerNow();
  return (
    <span className="numbers">
      {prefix}
      {formatDuration(secondsSince(since, now_ms))}
    </span>
  );
}
