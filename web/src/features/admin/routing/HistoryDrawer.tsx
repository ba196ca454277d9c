import { useMutation, useQuery } from "@tanstack/react-query";
import { App, Button, Drawer, Popconfirm, Skeleton } from "antd";
import { History, Undo2 } from "lucide-react";
import { useTranslation } from "react-i18next";
import { useIsViewing, useTimeZone } from "@/api/session";
import { formatInstant } from "@/lib/time";
import { EmptyState } from "@/ui/EmptyState";
import { ErrorNotice } from "@/ui/ErrorNotice";
import { Changes } from "../audit/components/Changes";
import { useAuditWords } from "../audit/model/words";
import { useSettingsChanged } from "../model/queries";
import { deepChanges } from "./deep-changes";
import styles from "./Routing.module.css";
import { type HistoryKind, historyQuery, putBack, type RoutingChange } from "./resources";
import { useNames } from "./useNames";

interface Props {
  kind: HistoryKind;
  subject: string;
  onClose: () => void;
}

/** What was changed, the last first, each with "put back". */
export function HistoryDrawer({ kind, subject, onClose }: Props) {
  const { t } = useTranslation("routing");
  const { data, error, refetch } = useQuery(historyQuery(kind, subject));
  return (
    <Drawer title={t("history.title")} open onClose={onClose} size={640}>
      {error && <ErrorNotice error={error} onRetry={() => void refetch()} />}
      {!data && !error && <Skeleton active />}
      {data?.items.length === 0 && (
        <EmptyState icon={History} title={t("history.empty")} hint={t("history.emptyHint")} />
      )}
      <ol className={styles.history}>
        {data?.items.map((change) => (
          <li key={change.id}>
            <OneChange change={change} />
          </li>
        ))}
      </ol>
    </Drawer>
  );
}

function OneChange({ change }: { change: RoutingChange }) {
  const { t } = useTranslation(["routing", "audit"]);
  const zone = useTimeZone();
  const { field: auditWord } = useAuditWords();
  const { message } = App.useApp();
  const isViewing = useIsViewing();
  const changed = useSettingsChanged();
  const undoing = useMutation({
    mutationFn: () => putBack(change.id),
    onSuccess: () => {
      message.success(t("history.done"));
      return changed();
    },
  });
  const nameOf = useNames();
  const word = (step: string, parent: string | undefined) => {
    if (step.startsWith("#")) return nameOf("agent", Number(step.slice(1))) ?? step;
    if (parent === "queues") return nameOf("queue", Number(step)) ?? step;
    if (parent === "rings") return t("audit:values.after", { count: Number(step) });
    return t(`steps.${step as "points"}`, { defaultValue: auditWord(step) });
  };
  const changes = deepChanges(change.before, change.after, word);
  const when = formatInstant(change.at, zone);
  return (
    <article aria-label={`${when} ${change.user_name}`}>
      <header className={styles.changeHead}>
        <span>
          <time dateTime={change.at}>{when}</time> · {change.user_name}
          {change.name && ` · ${change.name}`}
        </span>
        <Popconfirm
          title={t("history.ask")}
          description={t("history.askHint")}
          okText={t("history.putBack")}
          cancelText={t("cancel")}
          disabled={isViewing}
          onConfirm={() => undoing.mutate()}
        >
          <Button
            size="small"
            icon={<Undo2 size={14} />}
            loading={undoing.isPending}
            disabled={isViewing}
            aria-label={t("history.putBackNamed", { when })}
          >
            {t("history.putBack")}
          </Button>
        </Popconfirm>
      </header>
      {undoing.error && <ErrorNotice error={undoing.error} />}
      <Changes changes={changes} nameOf={nameOf} />
    </article>
  );
}
