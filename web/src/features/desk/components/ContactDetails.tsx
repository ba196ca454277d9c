import { useQuery } from "@tanstack/react-query";
import { Skeleton } from "antd";
import { lazy, type ReactNode, Suspense } from "react";
import { useTranslation } from "react-i18next";
import { contactQuery } from "@/api/interactions";
import { useTimeZone } from "@/api/session";
import { formatNumber } from "@/lib/numbers";
import { formatDuration, formatInstant } from "@/lib/time";
import { useLive } from "@/live/store";
import { ErrorNotice } from "@/ui/ErrorNotice";
import { useOutcomeWords } from "../model/useOutcomeWords";
import styles from "./ContactDetails.module.css";

const AttachedData = lazy(async () => ({
  default: (await import("@/features/softphone/handover/components/AttachedData")).AttachedData,
}));

/** The facts of a contact: direction, number called, queue, keys, times. */
export function ContactDetails({ interaction }: { interaction: string }) {
  const { t } = useTranslation("desk");
  const outcomeOf = useOutcomeWords();
  const zone = useTimeZone();
  const me = useLive((state) => state.me);
  const row = useLive((state) => state.mine.find((each) => each.id === interaction));
  const { data, error, refetch, isPending } = useQuery(contactQuery(interaction));
  if (error) return <ErrorNotice error={error} onRetry={() => void refetch()} />;
  if (isPending) return <Skeleton active title={false} />;
  const facts: [string, ReactNode][] = [
    [t("details.direction"), t(`direction.${data.direction}`)],
    [t("details.entry"), formatNumber(data.entry ?? row?.entry ?? "") || "—"],
    [t("details.queue"), data.queue_name || "—"],
    [t("details.path"), data.path.length > 0 ? data.path.join(" › ") : "—"],
    [t("details.agent"), data.agent_name || "—"],
    [t("details.started"), formatInstant(data.started_at, zone)],
    [t("details.waited"), formatDuration(data.wait_s)],
    [t("details.talked"), data.talk_s > 0 ? formatDuration(data.talk_s) : "—"],
    [t("details.outcome"), outcomeOf(data)],
  ];
  const isMine = row !== undefined && me?.interaction === row.id && me.state !== "wrap_up";
  return (
    <>
      <dl className={styles.facts}>
        {facts.map(([name, value]) => (
          <div key={name} className={styles.fact}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
      <Suspense fallback={null}>
        <AttachedData data={row?.data ?? data.data} row={isMine ? row : undefined} />
      </Suspense>
    </>
  );
}
