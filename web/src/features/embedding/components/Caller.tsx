import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { popQuery } from "@/api/interactions";
import { localName } from "@/lib/names";
import { formatNumber } from "@/lib/numbers";
import { formatDuration, secondsSince } from "@/lib/time";
import type { InteractionRow } from "@/live/messages";
import { useLive } from "@/live/store";
import { useColleague } from "@/live/useColleague";
import { useServerNow } from "@/live/useServerNow";
import styles from "./Embedding.module.css";

/** Who is on the line: the number at once, the customer's name as soon as it is known. */
export function useCaller(row: InteractionRow): { name: string; number: string; place: string } {
  const { t } = useTranslation("softphone");
  const pop = useQuery(popQuery(row.id)).data;
  const colleague = useColleague(row);
  const number = formatNumber(pop?.masked ?? row.customer_number ?? "") || t("call.hiddenNumber");
  const customer = pop?.matches.length === 1 ? pop.matches[0]?.customer.name : undefined;
  const name = colleague ?? customer ?? number;
  return { name, number: name === number || colleague ? "" : number, place: pop?.place ?? "" };
}

export function Caller({ row }: { row: InteractionRow }) {
  const { t, i18n } = useTranslation(["embedding", "softphone"]);
  const now_ms = useServerNow();
  const { name, number, place } = useCaller(row);
  const queue = useLive((state) => state.queues).find((each) => each.id === row.queue);
  const since = row.phase === "held" ? row.held_since : (row.answered_at ?? row.started_at);
  const facts = [
    number,
    place,
    queue && localName(queue, i18n.language),
    row.path.length > 0 && t("path", { keys: row.path.join(" › ") }),
  ];
  return (
    <div className={styles.caller}>
      <strong className={styles.name}>{name}</strong>
      <span className={styles.quiet}>{facts.filter(Boolean).join(" · ")}</span>
      <span className={styles.quiet}>
        {t(`softphone:phase.${row.phase}`)}{" "}
        <span className="numbers">{formatDuration(secondsSince(since, now_ms))}</span>
      </span>
      {row.note && <p className={styles.note}>{row.note}</p>}
    </div>
  );
}
