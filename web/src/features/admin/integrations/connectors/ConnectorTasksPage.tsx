import { App, Button, Descriptions, Drawer, Select, type TableProps } from "antd";
import { ArrowLeftRight } from "lucide-react";
import { useTranslation } from "react-i18next";
import { problemText } from "@/api/problem-text";
import { useTimeZone } from "@/api/session";
import { formatInstant } from "@/lib/time";
import { StatusTag, type Tone } from "@/ui/StatusTag";
import { RecordLink } from "../../components/RecordLink";
import { useSettingsChanged } from "../../model/queries";
import { useSettingsSearch } from "../../model/useSettingsSearch";
import { IntegrationList } from "../components/IntegrationList";
import { type ConnectorTask, doAgain, listTasks, type TaskState } from "./api";
import { useFaultText } from "./useFaultText";
import { useRefusalText } from "./useRefusalText";

const TONES: Record<TaskState, Tone> = { waiting: "ring", done: "ready", failed: "break" };
const STATES = Object.keys(TONES) as TaskState[];

/** What other systems were told and asked, and what came of it. */
export function ConnectorTasksPage() {
  const { t } = useTranslation("integrations");
  const zone = useTimeZone();
  const { search, filter, open } = useSettingsSearch();
  const columns: NonNullable<TableProps<ConnectorTask>["columns"]> = [
    {
      key: "at",
      title: t("deliveries.at"),
      sorter: true,
      render: (_, row) => <RecordLink id={row.id}>{formatInstant(row.at, zone)}</RecordLink>,
    },
    { key: "connector", title: t("tasks.connector"), dataIndex: "connector_name" },
    { key: "kind", title: t("tasks.kind"), sorter: true, render: (_, row) => t(`tasks.kinds.${row.kind}`) },
    { key: "state", title: t("state"), sorter: true, render: (_, row) => <State task={row} /> },
    { key: "outcome", title: t("tasks.outcome"), render: (_, row) => <Outcome task={row} /> },
    { key: "tries", title: t("deliveries.tries"), render: (_, row) => row.tries.length },
  ];
  return (
    <IntegrationList<ConnectorTask>
      noun="connectors/tasks"
      list={listTasks}
      icon={ArrowLeftRight}
      columns={columns}
      words={{
        title: t("tasks.title"),
        hint: t("tasks.hint"),
        search: t("tasks.search"),
        empty: t("tasks.empty"),
        emptyHint: t("tasks.emptyHint"),
      }}
      filter={search.kind ? { state: search.kind } : {}}
      filters={
        <Select
          aria-label={t("state")}
          style={{ width: 140 }}
          value={search.kind ?? ""}
          onChange={(kind) => filter({ kind })}
          options={[
            { value: "", label: t("deliveries.states.all") },
            ...STATES.map((state) => ({ value: state, label: t(`tasks.states.${state}`) })),
          ]}
        />
      }
    >
      {(rows) => {
        const opened = rows.find((row) => String(row.id) === search.open);
        return opened ? <TaskDrawer task={opened} zone={zone} onClose={() => open(null)} /> : null;
      }}
    </IntegrationList>
  );
}

function State({ task }: { task: ConnectorTask }) {
  const { t } = useTranslation("integrations");
  return (
    <StatusTag tone={TONES[task.state]} hasDot>
      {t(`tasks.states.${task.state}`)}
    </StatusTag>
  );
}

function Outcome({ task }: { task: ConnectorTask }) {
  const { t } = useTranslation("integrations");
  const faultText = useFaultText();
  if (task.last_fault) return faultText(task.last_fault);
  if (task.kind === "pull" && task.state === "done")
    return t("tasks.counts", { made: 0, changed: 0, refused: 0, ...task.counts });
  return task.remote_id ? <code>{task.remote_id}</code> : null;
}

/** One task: each try, and what was refused. */
function TaskDrawer({ task, zone, onClose }: { task: ConnectorTask; zone: string; onClose: () => void }) {
  const { t } = useTranslation("integrations");
  const { message } = App.useApp();
  const changed = useSettingsChanged();
  const faultText = useFaultText();
  const refusalText = useRefusalText();
  const again = async () => {
    try {
      await doAgain(task.id);
      message.success(t("tasks.ordered"));
    } catch (error) {
      message.error(problemText(error));
    }
    await changed();
  };
  const items = [
    { key: "state", label: t("state"), children: <State task={task} /> },
    ...(task.contact_id
      ? [{ key: "contact", label: t("tasks.contact"), children: <code>{task.contact_id}</code> }]
      : []),
    ...(task.remote_id
      ? [{ key: "remote", label: t("tasks.remote"), children: <code>{task.remote_id}</code> }]
      : []),
    ...(task.due_at
      ? [{ key: "due", label: t("deliveries.due"), children: formatInstant(task.due_at, zone) }]
      : []),
    ...task.tries.map((each, position) => ({
      key: `try-${each.at}`,
      label: t("deliveries.try", { count: position + 1 }),
      children: `${formatInstant(each.at, zone)} · ${each.fault ? faultText(each.fault) : t("connectors.ok")}${
        each.status === null ? "" : ` (${each.status})`
      }`,
    })),
    ...task.problems.map((each) => ({
      key: `problem-${each.remote_id}`,
      label: t("tasks.refused"),
      children: (
        <>
          <code>{each.remote_id}</code> · {refusalText(each)}
        </>
      ),
    })),
  ];
  return (
    <Drawer
      open
      size={640}
      title={`${t(`tasks.kinds.${task.kind}`)} · ${task.connector_name}`}
      onClose={onClose}
      extra={<Button onClick={() => void again()}>{t("tasks.again")}</Button>}
    >
      <Descriptions column={1} size="small" items={items} />
    </Drawer>
  );
}
