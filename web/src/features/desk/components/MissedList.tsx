import { useQuery, useQueryClient } from "@tanstack/react-query";
import { App, Button, Spin } from "antd";
import { Check, Phone, PhoneMissed } from "lucide-react";
import { useTranslation } from "react-i18next";
import { api } from "@/api/client";
import type { Contact } from "@/api/interactions";
import { problemText } from "@/api/problem-text";
import { useTimeZone } from "@/api/session";
import { useDial } from "@/features/softphone";
import { formatNumber } from "@/lib/numbers";
import { formatDuration, formatShortInstant } from "@/lib/time";
import { useServerNow } from "@/live/useServerNow";
import { EmptyState } from "@/ui/EmptyState";
import { ErrorNotice } from "@/ui/ErrorNotice";
import { missedQuery } from "../model/queries";
import styles from "./WorkList.module.css";

/** Callers who left before an agent answered: call them back, or mark them done. */
export function MissedList() {
  const { t } = useTranslation("desk");
  const { data, error, refetch, isPending } = useQuery(missedQuery);
  if (error) return <ErrorNotice error={error} onRetry={() => void refetch()} />;
  if (isPending) return <Spin style={{ display: "block", margin: 32 }} />;
  if (data.items.length === 0)
    return <EmptyState icon={PhoneMissed} title={t("missed.emptyTitle")} hint={t("missed.emptyHint")} />;
  return (
    <ul>
      {data.items.map((contact) => (
        <li key={contact.id}>
          <MissedItem contact={contact} />
        </li>
      ))}
    </ul>
  );
}

function MissedItem({ contact }: { contact: Contact }) {
  const { t } = useTranslation(["desk", "softphone"]);
  const { message } = App.useApp();
  const { dial, isDialling } = useDial();
  const queryClient = useQueryClient();
  const zone = useTimeZone();
  const now_ms = useServerNow();
  const number = formatNumber(contact.masked);
  const markDone = async () => {
    try {
      await api.POST("/api/interactions/{interaction_id}/missed/handled", {
        params: { path: { interaction_id: contact.id } },
      });
      await queryClient.invalidateQueries({ queryKey: missedQuery.queryKey });
    } catch (error) {
      message.error(problemText(error));
    }
  };
  return (
    <div className={styles.missed}>
      <span className={styles.missedHead}>
        <strong className="numbers">
          {contact.customer?.name ?? (number || t("softphone:call.hiddenNumber"))}
        </strong>
        <span className={styles.minor}>{formatShortInstant(contact.started_at, zone, now_ms)}</span>
      </span>
      <span className={styles.minor}>
        {[
          contact.queue_name,
          t("missed.waited", { time: formatDuration(contact.wait_s) }),
          contact.customer && number,
        ]
          .filter(Boolean)
          .join(" · ")}
      </span>
      <span className={styles.actions}>
        <Button
          size="small"
          type="primary"
          icon={<Phone size={14} />}
          disabled={!number}
          loading={isDialling}
          onClick={() => void dial({ interaction_id: contact.id })}
        >
          {t("missed.callBack")}
        </Button>
        <Button size="small" icon={<Check size={14} />} onClick={() => void markDone()}>
          {t("missed.done")}
        </Button>
      </span>
    </div>
  );
}
