import { useQuery } from "@tanstack/react-query";
import { FlaskConical } from "lucide-react";
import { useTranslation } from "react-i18next";
import { EmptyState } from "@/ui/EmptyState";
import { ErrorNotice } from "@/ui/ErrorNotice";
import { Page } from "@/ui/Page";
import { PageHeader } from "@/ui/PageHeader";
import { PageSkeleton } from "../components/PageSkeleton";
import { allQueues } from "../model/queries";
import styles from "./Rehearsal.module.css";
import { RehearsalPanel } from "./RehearsalPanel";
import { TestContacts } from "./TestContacts";

/** Runs the router on a made-up caller, as everything stands at this moment. */
export function TryPage() {
  const { t } = useTranslation("rehearsal");
  const queues = useQuery(allQueues);
  if (queues.isError)
    return (
      <Page>
        <ErrorNotice error={queues.error} onRetry={() => void queues.refetch()} />
      </Page>
    );
  if (!queues.data) return <PageSkeleton />;
  return (
    <Page>
      <PageHeader title={t("title")} hint={t("hint")} />
      {queues.data.length === 0 ? (
        <EmptyState icon={FlaskConical} title={t("noQueues")} hint={t("noQueuesHint")} />
      ) : (
        <div className={styles.panel}>
          <RehearsalPanel queues={queues.data} />
          <TestContacts queues={queues.data} />
        </div>
      )}
    </Page>
  );
}
