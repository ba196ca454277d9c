import { queryOptions, useQuery } from "@tanstack/react-query";
import { Table, type TableProps } from "antd";
import { ScrollText } from "lucide-react";
import { useTranslation } from "react-i18next";
import { api, bodyOf, type Schema } from "@/api/client";
import { useTimeZone } from "@/api/session";
import { formatInstant, formatTimeOfDay } from "@/lib/time";
import { EmptyState } from "@/ui/EmptyState";
import { ErrorNotice } from "@/ui/ErrorNotice";
import { ExportButton } from "@/ui/ExportButton";
import { FilterBar } from "@/ui/FilterBar";
import { Card, Page } from "@/ui/Page";
import { PageHeader } from "@/ui/PageHeader";
import { useSettingsSearch } from "../../model/useSettingsSearch";
import { AuditFilters } from "../components/AuditFilters";
import { ChainStatus } from "../components/ChainStatus";
import { Changes } from "../components/Changes";
import { toChanges, toInstants } from "../model/changes";
import { useAuditWords } from "../model/words";

type Entry = Schema<"AuditEntryOut">;

function auditQuery(query: Record<string, string | number>) {
  return queryOptions({
    queryKey: ["settings", "audit", query],
    queryFn: () => bodyOf(api.GET("/api/audit", { params: { query } })),
    placeholderData: (before) => before,
  });
}

/** Who did what, when and from where, with before and after. Nobody can change it, administrators neither. */
export function AuditPage() {
  const { t } = useTranslation("audit");
  const zone = useTimeZone();
  const words = useAuditWords();
  const { search, list, query, filter, showList } = useSettingsSearch();
  const asked = {
    ...query,
    ...(search.user && { user: search.user }),
    ...(search.kind && { kind: search.kind }),
    ...toInstants(search.from, search.to, zone),
  };
  const entries = useQuery(auditQuery(asked));
  const columns: NonNullable<TableProps<Entry>["columns"]> = [
    {
      key: "at",
      width: 200,
      title: t("at"),
      render: (_, { at }) => (
        <time dateTime={at}>
          {formatInstant(at, zone)}
          {formatTimeOfDay(at, zone).slice(5)}
        </time>
      ),
    },
    {
      key: "user_name",
      title: t("who"),
      render: (_, { user_id, user_name }) =>
        user_id === null && user_name === "system" ? t("system") : user_name,
    },
    { key: "action", title: t("what"), render: (_, { action }) => words.action(action) },
    {
      key: "subject",
      title: t("subject"),
      render: (_, entry) => entry.subject_name || (entry.subject_id && `#${entry.subject_id}`) || "-",
    },
    { key: "address", title: t("address"), dataIndex: "address", className: "numbers" },
  ];
  return (
    <Page>
      <PageHeader
        title={t("title")}
        hint={t("hint")}
        actions={<ExportButton path="/api/audit" query={asked} />}
      />
      <ChainStatus />
      <Card>
        <FilterBar
          views="audit"
          search={search.search ?? ""}
          onSearch={(text) => filter({ search: text })}
          placeholder={t("search")}
        >
          <AuditFilters search={search} onFilter={filter} />
        </FilterBar>
        {entries.error ? (
          <ErrorNotice error={entries.error} onRetry={() => void entries.refetch()} />
        ) : (
          <Table<Entry>
            aria-label={t("title")}
            size="middle"
            rowKey="id"
            columns={columns}
            dataSource={entries.data?.items ?? []}
            loading={entries.isPending}
            scroll={{ x: "max-content" }}
            expandable={{
              columnTitle: <span className="visually-hidden">{t("changes")}</span>,
              rowExpandable: (entry) => toChanges(entry.before, entry.after).length > 0,
              expandedRowRender: (entry) => <Changes changes={toChanges(entry.before, entry.after)} />,
            }}
            pagination={{
              current: list.page,
              pageSize: list.pageSize,
              total: entries.data?.total ?? 0,
              showSizeChanger: true,
              showTotal: (count) => t("total", { count }),
              onChange: (page, pageSize) => showList({ ...list, page, pageSize }),
            }}
            locale={{
              emptyText: <EmptyState icon={ScrollText} title={t("empty")} hint={t("emptyHint")} />,
            }}
          />
        )}
      </Card>
    </Page>
  );
}
