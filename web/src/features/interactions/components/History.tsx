import { useQuery } from "@tanstack/react-query";
import { Skeleton } from "antd";
import { useTranslation } from "react-i18next";
import { useTimeZone } from "@/api/session";
import { formatDuration, formatTimeOfDay } from "@/lib/time";
import { ErrorNotice } from "@/ui/ErrorNotice";
import { historyQuery, isTold, toneOf } from "../model/history";
import { useHistoryWords } from "../model/useHistoryWords";
import styles from "./History.module.css";
import { OtherContacts, ShadowAnswer } from "./OtherContacts";

/** What happened to a contact, second by second; at each offer the record of why this agent was chosen. */
export function History({ interaction, isLive }: { interaction: string; isLive: boolean }) {
  const { t } = useTranslation("interactions");
  const zone = useTimeZone();
  const { sentence, reason } = useHistoryWords();
  const { data, error, refetch, isPending } = useQuery(historyQuery(interaction, isLive));
  if (error) return <ErrorNotice error={error} onRetry={() => void refetch()} />;
  if (isPending) return <Skeleton active title={false} />;
  const began_ms = Date.parse(data[0]?.at ?? "");
  return (
    <ol className={styles.history}>
      {data.filter(isTold).map((entry, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: the log only grows at its end
        <li key={index} className={styles.entry} data-tone={toneOf(entry)}>
          <time dateTime={entry.at} className={styles.at}>
            {formatTimeOfDay(entry.at, zone)}
            <small>+{formatDuration((Date.parse(entry.at) - began_ms) / 1000)}</small>
          </time>
          <div className={styles.what}>
            <p>{sentence(entry)}</p>
            {entry.why && (
              <details className={styles.why}>
                <summary>{t("history.why.title")}</summary>
                <ul>
                  {reason(entry.why, entry.agent).map((line) => (
                    <li key={line}>{line}</li>
                  ))}
                  <OtherContacts why={entry.why} contact={interaction} />
                  {entry.why.shadow && (
                    <ShadowAnswer answer={entry.why.shadow} contact={interaction} agent={entry.agent} />
                  )}
                </ul>
              </details>
            )}
          </div>
        </li>
      ))}
    </ol>
  );
}
