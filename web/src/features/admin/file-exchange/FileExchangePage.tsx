import { Link } from "@tanstack/react-router";
import { App, Button, type TableProps, Tooltip } from "antd";
import { FolderSync, Play, Plus, ScrollText } from "lucide-react";
import { lazy, Suspense } from "react";
import { useTranslation } from "react-i18next";
import { problemText } from "@/api/problem-text";
import { useTimeZone } from "@/api/session";
import { formatInstant } from "@/lib/time";
import { StatusTag } from "@/ui/StatusTag";
import { RecordLink } from "../components/RecordLink";
import { RowActions } from "../components/RowActions";
import { IntegrationList } from "../integrations/components/IntegrationList";
import { useSettingsChanged } from "../model/queries";
import { useSettingsSearch } from "../model/useSettingsSearch";
import { type FilePlan, listPlans, removePlan, runPlan } from "./api";
import { RunStateTag } from "./RunStateTag";

const PlanDrawer = lazy(async () => ({ default: (await import("./PlanDrawer")).PlanDrawer }));

/** Files that go out and come in by plan. */
export function FileExchangePage() {
  const { t } = useTranslation("file-exchange");
  const zone = useTimeZone();
  const { search, open } = useSettingsSearch();
  const columns: NonNullable<TableProps<FilePlan>["columns"]> = [
    {
      key: "name",
      title: t("plan.name"),
      sorter: true,
      render: (_, row) => <RecordLink id={row.id}>{row.name}</RecordLink>,
    },
    {
      key: "direction",
      title: t("plan.direction"),
      sorter: true,
      render: (_, row) => t(`directions.${row.direction}`),
    },
    {
      key: "file_name",
      title: t("plan.file"),
      sorter: true,
      render: (_, row) => <code>{row.file_name}</code>,
    },
    { key: "when", title: t("plan.when"), render: (_, row) => <When plan={row} /> },
    {
      key: "next_at",
      title: t("plan.next"),
      sorter: true,
      render: (_, row) => <Next plan={row} zone={zone} />,
    },
    {
      key: "last",
      title: t("plan.last"),
      render: (_, row) => row.last_run && <RunStateTag run={row.last_run} />,
    },
    { key: "by_name", title: t("plan.planner"), dataIndex: "by_name", sorter: true },
    {
      key: "actions",
      title: <span className="visually-hidden">{t("actions")}</span>,
      align: "right",
      render: (_, row) => (
        <RowActions
          name={row.name}
          hint={t("removeHint")}
          onEdit={() => open(row.id)}
          onRemove={() => removePlan(row.id)}
        >
          <RunNow plan={row} />
        </RowActions>
      ),
    },
  ];
  return (
    <IntegrationList<FilePlan>
      noun="file-plans"
      list={listPlans}
      icon={FolderSync}
      columns={columns}
      words={{
        title: t("title"),
        hint: t("hint"),
        search: t("search"),
        empty: t("empty"),
        emptyHint: t("emptyHint"),
      }}
      filters={
        <Link to={"/admin/file-runs" as string}>
          <Button icon={<ScrollText size={16} />}>{t("runs.title")}</Button>
        </Link>
      }
      action={
        <Button type="primary" icon={<Plus size={16} />} onClick={() => open("new")}>
          {t("add")}
        </Button>
      }
    >
      {(rows) => {
        const opened = rows.find((row) => String(row.id) === search.open) ?? null;
        if (search.open !== "new" && opened === null) return null;
        return (
          <Suspense>
            <PlanDrawer plan={opened} onClose={() => open(null)} />
          </Suspense>
        );
      }}
    </IntegrationList>
  );
}

function When({ plan }: { plan: FilePlan }) {
  const { t } = useTranslation("file-exchange");
  const at = (plan.at ?? "").slice(0, 5);
  if (plan.every === "hourly") return t("when.hourly", { minute: at.slice(3) });
  if (plan.every === "daily") return t("when.daily", { at });
  return t("when.weekly", { at, day: t(`days.${(plan.weekday ?? 0) as 0}`) });
}

function Next({ plan, zone }: { plan: FilePlan; zone: string }) {
  const { t } = useTranslation("file-exchange");
  if (plan.stopped_why)
    return (
      <StatusTag tone="break" hasDot>
        {t(`stopped.${plan.stopped_why}`)}
      </StatusTag>
    );
  if (!plan.is_enabled || plan.next_at === null)
    return (
      <StatusTag tone="off" hasDot>
        {t("off")}
      </StatusTag>
    );
  return formatInstant(plan.next_at, zone);
}

function RunNow({ plan }: { plan: FilePlan }) {
  const { t } = useTranslation("file-exchange");
  const { message } = App.useApp();
  const changed = useSettingsChanged();
  const run = async () => {
    try {
      await runPlan(plan.id);
      message.success(t("ordered"));
    } catch (error) {
      message.error(problemText(error));
    }
    await changed();
  };
  return (
    <Tooltip title={t("runNow")}>
      <Button
        type="text"
        size="small"
        icon={<Play size={16} />}
        aria-label={t("runNowNamed", { name: plan.name })}
        onClick={() => void run()}
      />
    </Tooltip>
  );
}
