import { useMutation } from "@tanstack/react-query";
import { FlaskConical } from "lucide-react";
import { useTranslation } from "react-i18next";
import { EmptyState } from "@/ui/EmptyState";
import { ErrorNotice } from "@/ui/ErrorNotice";
import { Card } from "@/ui/Page";
import type { Queue } from "../model/api";
import { CallerForm, type CallerValues, toCaller } from "./CallerForm";
import { OutcomeCard } from "./OutcomeCard";
import styles from "./Rehearsal.module.css";
import { type QueueChanges, tryRouting } from "./resources";

interface Props {
  queues: readonly Queue[];
  /** The one queue that is tried; without it one of all is chosen. */
  queue?: Queue;
  /** Its settings as they stand in a form, not saved. */
  changesOf?: () => QueueChanges;
}

/** A made-up caller, and what the router would do with it: by the present settings, and by changed ones beside them. */
export function RehearsalPanel({ queues, queue, changesOf }: Props) {
  const { t } = useTranslation("rehearsal");
  const rehearsal = useMutation({
    mutationFn: (values: CallerValues) =>
      tryRouting(values.queue, toCaller(values), changesOf ? changesOf() : null),
  });
  return (
    <div className={styles.panel}>
      <Card title={t("caller.title")}>
        <CallerForm
          queues={queue ? [queue] : queues}
          isBusy={rehearsal.isPending}
          onTry={(values) => rehearsal.mutate(values)}
        />
      </Card>
      {rehearsal.isError && <ErrorNotice error={rehearsal.error} />}
      {rehearsal.data ? (
        <output className={styles.outcomes} aria-label={t("result")}>
          <OutcomeCard
            title={t(rehearsal.data.changed ? "present" : "result")}
            rehearsal={rehearsal.data}
            outcome={rehearsal.data.present}
            queues={queues}
          />
          {rehearsal.data.changed && (
            <OutcomeCard
              title={t("changed")}
              rehearsal={rehearsal.data}
              outcome={rehearsal.data.changed}
              queues={queues}
            />
          )}
        </output>
      ) : (
        <EmptyState icon={FlaskConical} title={t("notYet")} hint={t("notYetHint")} />
      )}
    </div>
  );
}
