import { useQuery } from "@tanstack/react-query";
import { Link, useNavigate } from "@tanstack/react-router";
import { App, Button } from "antd";
import { Plus, Workflow } from "lucide-react";
import { useTranslation } from "react-i18next";
import { useTimeZone } from "@/api/session";
import { formatNumber } from "@/lib/numbers";
import { formatInstant } from "@/lib/time";
import { DataTable } from "@/ui/DataTable";
import { EmptyState } from "@/ui/EmptyState";
import { ExportButton } from "@/ui/ExportButton";
import { FilterBar } from "@/ui/FilterBar";
import { Card, Page } from "@/ui/Page";
import { PageHeader } from "@/ui/PageHeader";
import { StatusTag } from "@/ui/StatusTag";
import { RowActions } from "../../components/RowActions";
import { allNumbers } from "../../model/queries";
import { useSettingsSearch } from "../../model/useSettingsSearch";
import { ImportFlow } from "../components/ImportFlow";
import { NewFlow } from "../components/NewFlow";
import { type Flow, flowsQuery, removeFlow } from "../model/queries";

/** The flows: what callers hear and where they are led. */
export function FlowsPage() {
  const { t } = useTranslation("flows");
  const { message } = App.useApp();
  const zone = useTimeZone();
  const navigate = useNavigate();
  const { search, list, query, filter, showList, open } = useSettingsSearch();
  const flows = useQuery(flowsQuery(query));
  const numbers = useQuery(allNumbers).data ?? [];
  const show = (id: number) => void navigate({ to: `/admin/flows/${id}` as string });
  const add = (
    <Button type="primary" icon={<Plus size={16} />} onClick={() => open("new")}>
      {t("add")}
    </Button>
  );
  return (
    <Page>
      <PageHeader
        title={t("title")}
        hint={t("hint")}
        actions={
          <>
            <ExportButton path="/api/flows" query={query} />
            <ImportFlow onImported={show} />
            {add}
          </>
        }
      />
      <Card>
        <FilterBar
          search={search.search ?? ""}
          onSearch={(text) => filter({ search: text })}
          placeholder={t("search")}
        />
        <DataTable<Flow>
          label={t("title")}
          rows={flows.data?.items}
          total={flows.data?.total}
          rowKey="id"
          list={list}
          onList={showList}
          isLoading={flows.isPending}
          error={flows.error}
          onRetry={() => void flows.refetch()}
          columns={[
            {
              key: "name",
              title: t("name"),
              sorter: true,
              render: (_, { id, name }) => <Link to={`/admin/flows/${id}` as string}>{name}</Link>,
            },
            {
              key: "version",
              title: t("state"),
              sorter: true,
              render: (_, { version }) =>
                version === 0 ? (
                  <StatusTag tone="off">{t("neverPublished")}</StatusTag>
                ) : (
                  <StatusTag tone="ready" hasDot>
                    {t("inForce", { version })}
                  </StatusTag>
                ),
            },
            {
              key: "numbers",
              title: t("numbers"),
              render: (_, { id }) =>
                numbers
                  .filter(({ flow_id }) => flow_id === id)
                  .map(({ number }) => formatNumber(number))
                  .join(t("comma")) || "-",
            },
            {
              key: "changed_at",
              title: t("changedAt"),
              sorter: true,
              render: (_, { changed_at }) => (
                <time dateTime={changed_at}>{formatInstant(changed_at, zone)}</time>
              ),
            },
            {
              key: "actions",
              title: <span className="visually-hidden">{t("actions")}</span>,
              align: "right",
              render: (_, flow) => (
                <RowActions
                  name={flow.name}
                  hint={t("removeHint")}
                  onEdit={() => show(flow.id)}
                  onRemove={async () => {
                    await removeFlow(flow.id);
                    message.success(t("removed", { name: flow.name }));
                  }}
                />
              ),
            },
          ]}
          empty={
            search.search ? (
              <EmptyState icon={Workflow} title={t("nothingFound")} hint={t("nothingFoundHint")} />
            ) : (
              <EmptyState icon={Workflow} title={t("empty")} hint={t("emptyHint")} action={add} />
            )
          }
        />
      </Card>
      {search.open === "new" && <NewFlow onClose={() => open(null)} onMade={({ id }) => show(id)} />}
    </Page>
  );
}
