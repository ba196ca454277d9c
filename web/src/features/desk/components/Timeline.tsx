import { useQuery } from "@tanstack/react-query";
import { Skeleton } from "antd";
import { History } from "lucide-react";
import { useTranslation } from "react-i18next";
import { contactQuery } from "@/api/interactions";
import { useLive } from "@/live/store";
import { EmptyState } from "@/ui/EmptyState";
import { ErrorNotice } from "@/ui/ErrorNotice";
import { timelineQuery, untilReady } from "../model/queries";
import styles from "./Timeline.module.css";
import { TimelineItem } from "./TimelineItem";

interface Props {
  /** The contact that is open: marked, and alone where the customer is not known. */
  interaction: string;
  customer: number | undefined;
}

/** Everything between this customer and us, newest first, with its recordings. */
export function Timeline({ interaction, customer }: Props) {
  const { t } = useTranslation("desk");
  const isLive = useLive((state) =>
    state.mine.some((row) => row.id === interaction && row.phase !== "ended"),
  );
  const over = isLive ? undefined : interaction;
  const known = useQuery({ ...timelineQuery(customer ?? 0, over), enabled: customer !== undefined });
  const alone = useQuery({
    ...contactQuery(interaction),
    enabled: customer === undefined,
    refetchInterval: ({ state }) => untilReady(state.data && [state.data], over),
  });
  const { error, refetch, isPending } = customer === undefined ? alone : known;
  if (error) return <ErrorNotice error={error} onRetry={() => void refetch()} />;
  if (isPending) return <Skeleton active title={false} />;
  const contacts = customer === undefined ? (alone.data ? [alone.data] : []) : (known.data?.items ?? []);
  if (contacts.length === 0)
    return <EmptyState icon={History} title={t("timeline.emptyTitle")} hint={t("timeline.emptyHint")} />;
  return (
    <ol className={styles.timeline}>
      {contacts.map((contact) => (
        <TimelineItem key={contact.id} contact={contact} isOpen={contact.id === interaction} />
      ))}
    </ol>
  );
}
