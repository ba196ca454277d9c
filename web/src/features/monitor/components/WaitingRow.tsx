import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import type { KeyboardEvent } from "react";
import { useTranslation } from "react-i18next";
import { popQuery } from "@/api/interactions";
import { type Act, InterventionMenu } from "@/features/interventions";
import { localName } from "@/lib/names";
import { formatNumber } from "@/lib/numbers";
import { formatDuration } from "@/lib/time";
import type { QueueRow } from "@/live/messages";
import { useServerNow } from "@/live/useServerNow";
import { StatusTag } from "@/ui/StatusTag";
import { UnseenMark } from "@/ui/UnseenMark";
import { promised, urgencyOf } from "../model/figures";
import { type InLine, startOfWait } from "../model/lines";
import styles from "./LiveRow.module.css";

interface Props {
  line: InLine;
  queue: QueueRow | undefined;
  /** Whose telephone rings for this contact. */
  offeredTo: string | null;
  /** For whom a lead keeps it. */
  assignedTo: string | null;
  /** Its class of contacts; "" where it has none. */
  className: string;
  acts: readonly Act[];
  onAct: (act: Act) => void;
  onKey: (event: KeyboardEvent) => void;
}

const URGENCY_TONE = { calm: "off", late: "acw", alarming: "ring" } as const;

/** One contact in line: its place, who, from where, for what, for how long already, and what may be done. */
export function WaitingRow({ line, queue, offeredTo, assignedTo, className, acts, onAct, onKey }: Props) {
  const { t, i18n } = useTranslation("monitor");
  const now_ms = useServerNow();
  const { row, before } = line;
  const skills = Object.entries(row.skills ?? {}).map(([skill, level]) => `${skill} ≥${level}`);
  const medium = row.medium ?? "voice";
  const pop = useQuery(popQuery(row.id)).data; // name and place; the row stands without them
  const wait_s = Math.max(0, (now_ms - startOfWait(row)) / 1000);
  const number = row.customer_number ? formatNumber(row.customer_number) : t("row.hidden");
  const expected = promised(row);
  const name = pop?.matches[0]?.customer.name;
  const hasOthers = (pop?.matches.length ?? 0) > 1;
  const who = name ? (hasOthers ? t("row.several", { name }) : name) : number;
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: its link has the focus; its keys are in the row's menu
    <div className={styles.row} onKeyDown={onKey}>
      <span className={styles.place} title={t("waiting.place", { count: before + 1 })}>
        {before + 1}
      </span>
      <Link to="/interactions/$interaction" params={{ interaction: row.id }} className={styles.to}>
        <span className={styles.main}>
          <span className={styles.title}>
            {who}
            {offeredTo && (
              <span className={styles.minor}> {t("waiting.offeredTo", { name: offeredTo })}</span>
            )}
            {!offeredTo && assignedTo && (
              <span className={styles.minor}> {t("waiting.assignedTo", { name: assignedTo })}</span>
            )}
          </span>
          <span className={styles.minor}>
            {[
              name && number,
              pop?.place,
              medium !== "voice" && t(`waiting.media.${medium}`),
              queue && localName(queue, i18n.language),
              className,
              row.priority ? t("waiting.priority", { priority: row.priority }) : "",
              ...skills,
              expected && t("waiting.expected", { wait: expected }),
            ]
              .filter(Boolean)
              .join(" · ")}
          </span>
        </span>
      </Link>
      <span className={styles.side}>
        {row.unseen_since && <UnseenMark since={row.unseen_since} />}
        <StatusTag tone={URGENCY_TONE[urgencyOf(wait_s, queue?.service_level_s ?? 20)]}>
          <span className="numbers">{formatDuration(wait_s)}</span>
        </StatusTag>
        <InterventionMenu acts={acts} name={who} onAct={onAct} />
      </span>
    </div>
  );
}
