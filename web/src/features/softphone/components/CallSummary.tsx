import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { Phone } from "lucide-react";
import { useTranslation } from "react-i18next";
import { popQuery } from "@/api/interactions";
import { localName } from "@/lib/names";
import { formatNumber } from "@/lib/numbers";
import { formatDuration, secondsSince } from "@/lib/time";
import type { InteractionRow } from "@/live/messages";
import { useLive } from "@/live/store";
import { useColleague } from "@/live/useColleague";
import { useServerNow } from "@/live/useServerNow";
import { UnseenMark } from "@/ui/UnseenMark";
import styles from "./CallBar.module.css";

/** Who is on the line, in which phase and for how long; a click leads to the contact. */
export function CallSummary({ row }: { row: InteractionRow }) {
  const { t, i18n } = useTranslation("softphone");
  const now_ms = useServerNow();
  const queues = useLive((state) => state.queues);
  const pop = useQuery(popQuery(row.id)).data;
  const queue = queues.find((each) => each.id === row.queue);
  const number = pop?.masked ?? row.customer_number;
  const customer = pop?.matches.length === 1 ? pop.matches[0]?.customer.name : undefined;
  const colleague = useColleague(row);
  const shown = number ? formatNumber(number) : t("call.hiddenNumber");
  const start = row.phase === "held" ? row.held_since : (row.answered_at ?? row.started_at);
  return (
    <Link to="/desk/c/$interaction" params={{ interaction: row.id }} className={styles.summary}>
      <Phone size={16} aria-hidden />
      <span className={styles.lines}>
        <strong className={styles.who}>{colleague ?? (customer ? `${customer} · ${shown}` : shown)}</strong>
        <span className={styles.what}>
          {t(`phase.${row.phase}`)}{" "}
          <span className="numbers">{formatDuration(secondsSince(start, now_ms))}</span>
          {queue ? ` · ${localName(queue, i18n.language)}` : ""}
        </span>
      </span>
      {row.unseen_since && <UnseenMark since={row.unseen_since} />}
    </Link>
  );
}
