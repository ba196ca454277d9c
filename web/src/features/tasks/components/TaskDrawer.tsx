import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { Drawer, Skeleton } from "antd";
import { useTranslation } from "react-i18next";
import { useIsViewing, useTimeZone } from "@/api/session";
import { formatInstant, formatTimeOfDay } from "@/lib/time";
import { ErrorNotice } from "@/ui/ErrorNotice";
import { type Task, taskQuery } from "../model/queries";
import { ClaimTask } from "./ClaimTask";
import { TaskActions } from "./TaskActions";
import { TaskCalls } from "./TaskCalls";
import styles from "./TaskDrawer.module.css";
import { TaskResult } from "./TaskResult";

interface Props {
  task: number;
  /** Closed this one: on to the next of the list, or close. */
  onDone: (isNextWanted: boolean) => void;
  onClose: () => void;
}

/** One task beside the list: call, write what came of it, plan the next one, go on. */
export function TaskDrawer({ task, onDone, onClose }: Props) {
  const { t } = useTranslation(["tasks", "ui"]);
  const { data, error, refetch } = useQuery(taskQuery(task));
  const isViewing = useIsViewing();
  const isOpen = data?.state === "planned";
  return (
    <Drawer
      open
      size={480}
      title={data?.subject ?? t("task.title")}
      onClose={onClose}
      mask={false}
      extra={isOpen && !isViewing && <TaskActions task={data} onDone={onDone} />}
    >
      {error && <ErrorNotice error={error} onRetry={() => void refetch()} />}
      {!data && !error && <Skeleton active />}
      {data && (
        <div className={styles.task}>
          <TaskFacts task={data} />
          {data.script && (
            <section aria-label={t("task.script")} className={styles.script}>
              {data.script}
            </section>
          )}
          {isOpen && !isViewing && !data.owner && <ClaimTask task={data} />}
          {!isViewing && <TaskCalls task={data} />}
          {isOpen ? (
            <>
              {data.attempts > 0 && <p className={styles.result}>{data.result}</p>}
              {isViewing ? (
                <p>{t("ui:viewingOnly")}</p>
              ) : (
                <TaskResult key={`${data.id} ${data.attempts}`} task={data} onDone={onDone} />
              )}
            </>
          ) : (
            <Outcome task={data} />
          )}
        </div>
      )}
    </Drawer>
  );
}

function TaskFacts({ task }: { task: Task }) {
  const { t } = useTranslation("tasks");
  const zone = useTimeZone();
  return (
    <dl className={styles.facts}>
      <dt>{t("column.customer")}</dt>
      <dd>
        <Link to="/customers/$customer" params={{ customer: String(task.customer.id) }}>
          {task.customer.name}
        </Link>
      </dd>
      <dt>{t("task.due")}</dt>
      <dd>
        <time dateTime={task.due_at}>{formatInstant(task.due_at, zone)}</time>
        {task.until_at && ` ${t("task.until", { time: formatTimeOfDay(task.until_at, zone).slice(0, 5) })}`} ·{" "}
        {t(`how.${task.how}`)}
      </dd>
      <dt>{t("task.owner")}</dt>
      <dd>{task.owner?.name ?? task.team?.name ?? t("task.nobody")}</dd>
      {task.rule_name && (
        <>
          <dt>{t("task.rule")}</dt>
          <dd>{task.rule_name}</dd>
        </>
      )}
      {task.attempts > 0 && (
        <>
          <dt>{t("column.state")}</dt>
          <dd>
            {task.max_attempts
              ? t("task.tries", { count: task.attempts, most: task.max_attempts })
              : t("attempts", { count: task.attempts })}
          </dd>
        </>
      )}
      {task.interaction && (
        <>
          <dt>{t("how.call")}</dt>
          <dd>
            <Link to="/interactions/$interaction" params={{ interaction: task.interaction }}>
              {t("task.contact")}
            </Link>
          </dd>
        </>
      )}
    </dl>
  );
}

function Outcome({ task }: { task: Task }) {
  const { t } = useTranslation("tasks");
  const zone = useTimeZone();
  return (
    <div>
      <strong>{t(`state.${task.state}`)}</strong>
      {task.outcome && ` · ${t(`outcome.${task.outcome}`)}`}
      {task.closed_at && ` · ${t("task.closedAt", { time: formatInstant(task.closed_at, zone) })}`}
      {task.result && <p className={styles.result}>{task.result}</p>}
    </div>
  );
}
