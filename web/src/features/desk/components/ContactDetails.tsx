import { useQuery } from "@tanstack/react-query";
import { Skeleton } from "antd";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { contactQuery } from "@/api/interactions";
import { useTimeZone } from "@/api/session";
import { formatNumber } from "@/lib/numbers";
import { formatDuration, formatInstant } from "@/lib/time";
import { useLive } from "@/live/store";
import { ErrorNotice } from "@/ui/ErrorNotice";
import { useOutcomeWords } from "../model/useOutcomeWords";
import styles from "./ContactDetails.module.css";

/** The facts of a contact: direction, number called, queue, keys, times. */
export function ContactDetails({ interaction }: { interaction: string }) {
  const { t } = useTranslation("desk");
  const outcomeOf = useOutcomeWords();
  const zone = useTimeZone();
  const row = useLive((state) => state.mine.find((each) => each.id === interaction));
  const { data, error, refetch, isPending } = useQuery(contactQuery(interaction));
  if (error) return <ErrorNotice error={error} onRetry={() => void refetch()} />;
  if (isPending) return <Skeleton active title={false} />;
  const facts: [string, ReactNode][] = [
    [
      t("details.direction"),
      data.direction === "outbound" ? t("direction.outbound") : t("direction.inbound"),
    ],
    [t("details.entry"), formatNumber(data.entry ?? row?.entry ?? "") || "—"],
    [t("details.queue"), data.queue_name || "—"],
    [t("details.path"), data.path.length > 0 ? data.path.join(" › ") : "—"],
    [t("details.agent"), data.agent_name || "—"],
    [t("details.started"), formatInstant(data.started_at, zone)],
    [t("details.waited"), formatDuration(data.wait_s)],
    [t("details.talked"), data.talk_s > 0 ? formatDuration(data.talk_s) : "—"],
    [t("details.outcome"), outcomeOf(data)],
  ];
  return (
    <dl className={styles.facts}>
      {facts.map(([name, value]) => (
        <div key={name} className={styles.fact}>
          <dt>{name}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  );
}
