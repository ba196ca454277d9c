import { useMutation, useQuery } from "@tanstack/react-query";
import { App, Button, Switch, type TableProps } from "antd";
import { Plus, Signpost } from "lucide-react";
import { lazy, Suspense } from "react";
import { useTranslation } from "react-i18next";
import { problemText } from "@/api/problem-text";
import { useIsViewing } from "@/api/session";
import { DataTable } from "@/ui/DataTable";
import { EmptyState } from "@/ui/EmptyState";
import { ExportButton } from "@/ui/ExportButton";
import { Card, Page } from "@/ui/Page";
import { PageHeader } from "@/ui/PageHeader";
import { StatusTag } from "@/ui/StatusTag";
import { MoveButtons } from "../components/MoveButtons";
import { RecordLink } from "../components/RecordLink";
import { RowActions } from "../components/RowActions";
import { useSettingsChanged } from "../model/queries";
import { useSettingsSearch } from "../model/useSettingsSearch";
import { HistoryButton } from "../routing/HistoryButton";
import { allEntryRules, type EntryRule, entryRules, orderEntryRules } from "./api";
import { movedIds } from "./order";
import { useConditions } from "./useConditions";

const EntryRuleForm = lazy(async () => ({ default: (await import("./EntryRuleForm")).EntryRuleForm }));
const EntryResults = lazy(async () => ({ default: (await import("./EntryResults")).EntryResults }));
const TryPanel = lazy(async () => ({ default: (await import("./TryPanel")).TryPanel }));

/** By which flow callers are served: tried from above, the first rule that fits decides. */
export function EntryRulesPage() {
  const { t } = useTranslation("entries");
  const rules = useQuery(allEntryRules);
  const { search, open } = useSettingsSearch();
  const add = (
    <Button type="primary" icon={<Plus size={16} />} onClick={() => open("new")}>
      {t("add")}
    </Button>
  );
  const rows = rules.data ?? [];
  const id = Number((search.open ?? "").replace("results-", ""));
  const opened = rows.find((row) => row.id === id) ?? null;
  const columns = useColumns(rows);
  return (
    <Page>
      <PageHeader
        title={t("title")}
        hint={t("hint")}
        actions={
          <>
            <HistoryButton kind="entryrule" />
            <ExportButton path="/api/entry-rules" query={{}} />
            {add}
          </>
        }
      />
      <Card>
        <DataTable
          label={t("title")}
          columns={columns}
          rows={rules.data}
          total={rules.data?.length}
          rowKey="id"
          list={{ page: 1, pageSize: Math.max(20, rows.length) }}
          onList={() => undefined}
          isLoading={rules.isPending}
          error={rules.error}
          onRetry={() => void rules.refetch()}
          empty={<EmptyState icon={Signpost} title={t("empty")} hint={t("emptyHint")} action={add} />}
        />
      </Card>
      {/* by itself: with the first rule it is loaded, and the drawer that made the rule must not go away for that */}
      <Suspense>{rows.length > 0 && <TryPanel />}</Suspense>
      <Suspense>
        {search.open === "new" && <EntryRuleForm rule={null} onClose={() => open(null)} />}
        {opened &&
          (search.open?.startsWith("results-") ? (
            <EntryResults rule={opened} onClose={() => open(null)} />
          ) : (
            <EntryRuleForm rule={opened} onClose={() => open(null)} />
          ))}
      </Suspense>
    </Page>
  );
}

function useColumns(rows: readonly EntryRule[]): NonNullable<TableProps<EntryRule>["columns"]> {
  const { t } = useTranslation("entries");
  const { message } = App.useApp();
  const isViewing = useIsViewing();
  const { open } = useSettingsSearch();
  const changed = useSettingsChanged();
  const conditions = useConditions();
  const act = useMutation({
    mutationFn: (what: () => Promise<unknown>) => what(),
    onError: (problem) => message.error(problemText(problem)),
    onSettled: changed,
  });
  return [
    {
      key: "position",
      title: t("column.order"),
      render: (_, row) => {
        const index = rows.indexOf(row);
        return (
          <span style={{ whiteSpace: "nowrap" }}>
            {index + 1}{" "}
            <MoveButtons
              name={row.name}
              isFirst={index === 0 || isViewing}
              isLast={index === rows.length - 1 || isViewing}
              onMove={(by) =>
                act.mutate(() =>
                  orderEntryRules(
                    movedIds(
                      rows.map(({ id }) => id),
                      row.id,
                      by,
                    ),
                  ),
                )
              }
            />
          </span>
        );
      },
    },
    {
      key: "name",
      title: t("column.name"),
      render: (_, row) => (
        <>
          <RecordLink id={row.id}>{row.name}</RecordLink>
          {row.breach && (
            <>
              {" "}
              <StatusTag tone="break">{t("switchedOff")}</StatusTag>
            </>
          )}
        </>
      ),
    },
    { key: "who", title: t("column.who"), render: (_, row) => conditions(row) },
    {
      key: "flow",
      title: t("column.flow"),
      render: (_, row) => (
        <>
          {row.flow_name} {!row.is_flow_published && <StatusTag tone="ring">{t("unpublished")}</StatusTag>}
        </>
      ),
    },
    {
      key: "share",
      title: t("column.share"),
      render: (_, row) =>
        row.share_pct < 100 || row.breach ? (
          <Button type="link" size="small" onClick={() => open(`results-${row.id}`)}>
            {t("shareResults", { share: row.share_pct })}
          </Button>
        ) : (
          t("everybody")
        ),
    },
    {
      key: "is_enabled",
      title: t("column.enabled"),
      render: (_, row) => (
        <Switch
          size="small"
          checked={row.is_enabled}
          disabled={isViewing}
          aria-label={t("enableNamed", { name: row.name })}
          onChange={(is_enabled) => act.mutate(() => entryRules.change(row.id, { is_enabled }))}
        />
      ),
    },
    {
      key: "actions",
      title: <span className="visually-hidden">{t("column.actions")}</span>,
      align: "right",
      render: (_, row) => (
        <RowActions
          name={row.name}
          hint={t("removeHint")}
          onEdit={() => open(row.id)}
          onRemove={async () => {
            await entryRules.remove(row.id);
            await changed();
          }}
        />
      ),
    },
  ];
}
