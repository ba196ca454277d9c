import { useQuery, useQueryClient } from "@tanstack/react-query";
import { App, Checkbox, Skeleton } from "antd";
import { ListChecks } from "lucide-react";
import { useId } from "react";
import { useTranslation } from "react-i18next";
import { problemText } from "@/api/problem-text";
import { useTimeZone, useUser } from "@/api/session";
import { formatTimeOfDay } from "@/lib/time";
import { EmptyState } from "@/ui/EmptyState";
import { ErrorNotice } from "@/ui/ErrorNotice";
import { StatusTag } from "@/ui/StatusTag";
import styles from "./Panels.module.css";
import { type ContactChecklist, checklistsQuery, tickStep, withTick } from "./queries";

/** What to say and ask in this conversation, step by step; what is ticked is kept with the contact. */
export function ChecklistPanel({ interaction }: { interaction: string }) {
  const { t } = useTranslation("panels");
  const { message } = App.useApp();
  const queryClient = useQueryClient();
  const user = useUser()?.name ?? "";
  const query = checklistsQuery(interaction);
  const { data, error, refetch } = useQuery(query);
  if (error) return <ErrorNotice error={error} onRetry={() => void refetch()} />;
  if (!data) return <Skeleton active title={false} />;
  if (data.length === 0)
    return <EmptyState icon={ListChecks} title={t("checklist.empty")} hint={t("checklist.emptyHint")} />;
  const tick = async (checklist: number, step: string, isTicked: boolean) => {
    await queryClient.cancelQueries({ queryKey: query.queryKey }); // an answer under way would take the tick back
    queryClient.setQueryData(query.queryKey, withTick(data, checklist, step, isTicked ? user : null));
    try {
      queryClient.setQueryData(query.queryKey, await tickStep(interaction, checklist, step, isTicked));
    } catch (problem) {
      queryClient.setQueryData(query.queryKey, data);
      message.error(problemText(problem));
    }
  };
  return (
    <>
      {data.map((list) => (
        <Steps
          key={list.checklist}
          list={list}
          onTick={(step, isTicked) => void tick(list.checklist, step, isTicked)}
        />
      ))}
    </>
  );
}

interface StepsProps {
  list: ContactChecklist;
  onTick: (step: string, isTicked: boolean) => void;
}

function Steps({ list, onTick }: StepsProps) {
  const { t } = useTranslation("panels");
  const zone = useTimeZone();
  const heading = useId();
  return (
    <section aria-labelledby={heading}>
      <h3 id={heading} className={styles.heading}>
        {list.name}
      </h3>
      <ol className={styles.steps}>
        {list.steps.map((step) => (
          <li key={step.key} className={styles.step}>
            <Checkbox
              checked={step.ticked_at !== null}
              onChange={(event) => onTick(step.key, event.target.checked)}
            >
              {step.title}
            </Checkbox>
            {step.is_required && step.ticked_at === null && (
              <StatusTag tone="acw">{t("checklist.must")}</StatusTag>
            )}
            {step.words && <p className={styles.words}>{step.words}</p>}
            {step.ticked_at && (
              <p className={styles.minor}>
                {t("checklist.ticked", {
                  name: step.ticked_by,
                  time: formatTimeOfDay(step.ticked_at, zone),
                })}
              </p>
            )}
          </li>
        ))}
      </ol>
    </section>
  );
}
