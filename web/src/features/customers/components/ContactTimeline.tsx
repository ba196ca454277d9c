import { useInfiniteQuery } from "@tanstack/react-query";
import { Button, Skeleton } from "antd";
import { History } from "lucide-react";
import { useTranslation } from "react-i18next";
import { EmptyState } from "@/ui/EmptyState";
import { ErrorNotice } from "@/ui/ErrorNotice";
import { contactsOfQuery } from "../model/queries";
import styles from "./ContactTimeline.module.css";
import { TimelineEntry } from "./TimelineEntry";

/** Everything between a customer and us, newest first, with its recordings and what was noted. */
export function ContactTimeline({ customer }: { customer: number }) {
  const { t } = useTranslation("customers");
  const { data, error, refetch, isPending, hasNextPage, fetchNextPage, isFetchingNextPage } =
    useInfiniteQuery(contactsOfQuery(customer));
  if (error) return <ErrorNotice error={error} onRetry={() => void refetch()} />;
  if (isPending) return <Skeleton active title={false} />;
  const contacts = data.pages.flatMap((page) => page.items);
  if (contacts.length === 0)
    return <EmptyState icon={History} title={t("timeline.emptyTitle")} hint={t("timeline.emptyHint")} />;
  return (
    <>
      <ol className={styles.timeline}>
        {contacts.map((contact) => (
          <TimelineEntry key={contact.id} contact={contact} />
        ))}
      </ol>
      {hasNextPage && (
        <Button loading={isFetchingNextPage} onClick={() => void fetchNextPage()}>
          {t("timeline.more")}
        </Button>
      )}
    </>
  );
}
