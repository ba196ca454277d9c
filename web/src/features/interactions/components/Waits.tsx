import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { useTimeZone } from "@/api/session";
import { formatDuration, formatTimeOfDay } from "@/lib/time";
import { Card } from "@/ui/Page";
import { useHistoryWords } from "../model/useHistoryWords";
import { type Wait, waitsQuery } from "../model/waits";
import styles from "./Waits.module.css";

/** Why a contact waited: one sentence for each stay in a queue, and what lies behind it. Nothing where it never did. */
export function Waits({ interaction, isLive }: { interaction: string; isLive: boolean }) {
  const { t } = useTranslation("interactions");
  const { data } = useQuery(waitsQuery(interaction, isLive));
  if (!data?.length) return null;
  return (
    <Card title={t("waits.title")}>
      {data.map((stay) => (
        <Stay key={stay.since} stay={stay} />
      ))}
    </Card>
  );
}

function Stay({ stay }: { stay: Wait }) {
  const { t } = useTranslation("interactions");
  const { offerEnd } = useHistoryWords();
  const zone = useTimeZone();
  const parts = stay.parts
    .filter(isTold)
    .map(({ cause, seconds }) =>
      t("waits.part", {
        cause: t(`waits.cause.${cause as "ringing"}`, { defaultValue: cause }),
        time: formatDuration(seconds),
      }),
    )
    .join(t("waits.comma"));
  const busy = stay.busy
    .filter(isTold)
    .map(({ state, seconds }) =>
      t("waits.state", {
        state: t(`waits.states.${state as "talking"}`, { defaultValue: state }),
        time: formatDuration(seconds),
      }),
    )
    .join(t("waits.comma"));
  const words = { queue: stay.queue_name, time: formatDuration(stay.waited_s), parts };
  if (!parts) return <p className={styles.sentence}>{t("waits.none", words)}</p>;
  return (
    <div className={styles.stay}>
      <p className={styles.sentence}>{t(stay.outcome ? "waits.stay" : "waits.still", words)}</p>
      <details className={styles.details}>
        <summary>{t("waits.details")}</summary>
        <ul>
          {stay.promised_p50_s != null && (
            <li>
              {t("waits.promised", {
                before: stay.before,
                p50: formatDuration(stay.promised_p50_s),
                p90: formatDuration(stay.promised_p90_s ?? 0),
              })}
            </li>
          )}
          <li>{t("waits.able", { count: stay.able })}</li>
          {stay.interventions?.map((one) => (
            <li key={one.at + one.kind}>
              {t("waits.intervened", {
                time: formatTimeOfDay(one.at, zone),
                supervisor: one.supervisor_name,
                act: t(`waits.acts.${one.kind as "Pulled"}`, {
                  target: one.target_name,
                  priority: one.priority,
                }),
              })}
            </li>
          ))}
          {busy && <li>{t("waits.busy", { states: busy })}</li>}
          {stay.unanswered.map((offer) => (
            <li key={`${offer.agent_name}${offer.rang_s}`}>
              {t("waits.unanswered", {
                agent: offer.agent_name || t("history.someAgent"),
                outcome: offerEnd(offer.outcome),
                time: formatDuration(offer.rang_s),
              })}
            </li>
          ))}
        </ul>
      </details>
    </div>
  );
}

/** What would read 00:00 says nothing. */
function isTold({ seconds }: { seconds: number }): boolean {
  return seconds >= 0.5;
}
