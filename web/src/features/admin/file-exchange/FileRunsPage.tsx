import { Link } from "@tanstack/react-router";
import { Button, Descriptions, Drawer, Select, type TableProps } from "antd";
import { FolderSync } from "lucide-react";
import { useTranslation } from "react-i18next";
import { useTimeZone } from "@/api/session";
import { formatInstant } from "@/lib/time";
import { RecordLink } from "../components/RecordLink";
import { IntegrationList } from "../integrations/components/IntegrationList";
import { useSettingsSearch } from "../model/useSettingsSearch";
import { type FileRun, listRuns, type RunState } from "./api";
import { RunStateTag, TONES } from "./RunStateTag";
import { useProblemText } from "./useProblemText";

const STATES = Object.keys(TONES) as RunState[];

/** Each time that a file was exchanged by plan. */
export function FileRunsPage() {
  const { t } = useTranslation("file-exchange");
  const zone = useTimeZone();
  const { search, filter, open } = useSettingsSearch();
  const problemText = useProblemText();
  const columns: NonNullable<TableProps<FileRun>["columns"]> = [
    {
      key: "started_at",
      title: t("runs.at"),
      sorter: true,
      render: (_, row) => <RecordLink id={row.id}>{formatInstant(row.started_at, zone)}</RecordLink>,
    },
    { key: "plan", title: t("runs.plan"), dataIndex: "plan_name" },
    { key: "state", title: t("runs.state"), sorter: true, render: (_, row) => <RunStateTag run={row} /> },
    {
      key: "file_name",
      title: t("plan.file"),
      sorter: true,
      render: (_, row) => <code>{row.file_name}</code>,
    },
    { key: "rows", title: t("runs.rows"), sorter: true, align: "right", dataIndex: "rows" },
    {
      key: "problem",
      title: t("runs.outcome"),
      render: (_, row) =>
        row.problem
          ? problemText(row.problem, row.facts)
          : row.refused > 0 && t("runs.refused", { count: row.refused }),
    },
  ];
  return (
    <IntegrationList<FileRun>
      noun="file-plans/runs"
      list={listRuns}
      icon={FolderSync}
      columns={columns}
      words={{
        title: t("runs.title"),
        hint: t("runs.hint"),
        search: t("runs.search"),
        empty: t("runs.empty"),
        emptyHint: t("runs.emptyHint"),
      }}
      filter={search.kind ? { state: search.kind } : {}}
      filters={
        <>
          <Select
            aria-label={t("runs.state")}
            style={{ width: 160 }}
            value={search.kind ?? ""}
            onChange={(kind) => filter({ kind })}
            options={[
              { value: "", label: t("runs.all") },
              ...STATES.map((state) => ({ value: state, label: t(`states.${state}`) })),
            ]}
          />
          <Link to={"/admin/file-exchange" as string}>
            <Button icon={<FolderSync size={16} />}>{t("title")}</Button>
          </Link>
        </>
      }
    >
      {(rows) => {
        const opened = rows.find((row) => String(row.id) === search.open);
        return opened ? <RunDrawer run={opened} zone={zone} onClose={() => open(null)} /> : null;
      }}
    </IntegrationList>
  );
}

function RunDrawer({ run, zone, onClose }: { run: FileRun; zone: string; onClose: () => void }) {
  const { t } = useTranslation("file-exchange");
  const problemText = useProblemText();
  const items = [
    { key: "state", label: t("runs.state"), children: <RunStateTag run={run} /> },
    ...(run.problem
      ? [{ key: "problem", label: t("runs.outcome"), children: problemText(run.problem, run.facts) }]
      : []),
    ...(run.file_name
      ? [{ key: "file", label: t("plan.file"), children: <code>{run.file_name}</code> }]
      : []),
    {
      key: "trigger",
      label: t("runs.trigger"),
      children: t(`triggers.${run.trigger}`, { by: run.ordered_by_name }),
    },
    { key: "planner", label: t("plan.planner"), children: run.planner_name },
    { key: "rows", label: t("runs.rows"), children: run.rows },
    ...(run.refused > 0 ? [{ key: "refused", label: t("runs.refusedRows"), children: run.refused }] : []),
    { key: "began", label: t("runs.at"), children: formatInstant(run.started_at, zone) },
    ...(run.ended_at
      ? [{ key: "ended", label: t("runs.ended"), children: formatInstant(run.ended_at, zone) }]
      : []),
  ];
  return (
    <Drawer open size={560} title={run.plan_name} onClose={onClose}>
      <Descriptions column={1} size="small" items={items} />
      {run.import_id !== null && (
        <Link to={"/import" as string} search={{ id: run.import_id } as never}>
          <Button style={{ marginTop: 16 }}>{t("runs.showImport")}</Button>
        </Link>
      )}
      {run.state === "waiting" && (
        <Link to={"/exports" as string} search={{ state: "waiting" } as never}>
          <Button style={{ marginTop: 16 }}>{t("runs.showExport")}</Button>
        </Link>
      )}
    </Drawer>
  );
}
