import { useQuery } from "@tanstack/react-query";
import { Button, Table } from "antd";
import { ListTree, Plus } from "lucide-react";
import { useTranslation } from "react-i18next";
import { localName } from "@/lib/names";
import { EmptyState } from "@/ui/EmptyState";
import { ErrorNotice } from "@/ui/ErrorNotice";
import { ExportButton } from "@/ui/ExportButton";
import { FilterBar } from "@/ui/FilterBar";
import { Card, Page } from "@/ui/Page";
import { PageHeader } from "@/ui/PageHeader";
import { DispositionActions } from "../components/DispositionActions";
import { DispositionDrawer } from "../components/DispositionDrawer";
import { RecordLink } from "../components/RecordLink";
import { type DispositionNode, findInTree, toTree } from "../model/disposition-tree";
import { allDispositions } from "../model/queries";
import { useSettingsSearch } from "../model/useSettingsSearch";

/** What a contact was about: the tree that agents choose from in the wrap-up. */
export function DispositionsPage() {
  const { t, i18n } = useTranslation("admin");
  const { search, filter, open } = useSettingsSearch();
  const query = useQuery(allDispositions);
  const rows = query.data ?? [];
  const nameOf = (row: { name: string; name_en: string }) => localName(row, i18n.language);
  const found = findInTree(rows, search.search ?? "");
  // "new" makes one at the top, "below-12" one below number 12
  const parentOfNew = /^below-(\d+)$/.exec(search.open ?? "")?.[1];
  const opened = rows.find(({ id }) => String(id) === search.open) ?? null;
  const add = (
    <Button type="primary" icon={<Plus size={16} />} onClick={() => open("new")}>
      {t("dispositions.add")}
    </Button>
  );
  return (
    <Page>
      <PageHeader
        title={t("dispositions.title")}
        hint={t("dispositions.hint")}
        actions={
          <>
            <ExportButton path="/api/dispositions" query={{}} />
            {add}
          </>
        }
      />
      <Card>
        <FilterBar
          search={search.search ?? ""}
          onSearch={(text) => filter({ search: text })}
          placeholder={t("dispositions.search")}
        />
        {query.error ? (
          <ErrorNotice error={query.error} onRetry={() => void query.refetch()} />
        ) : (
          <Table<DispositionNode>
            key={query.isPending ? "loading" : `tree-${search.search ?? ""}`}
            aria-label={t("dispositions.title")}
            size="middle"
            rowKey="id"
            loading={query.isPending}
            dataSource={toTree(found)}
            pagination={false}
            expandable={{ defaultExpandAllRows: true }}
            columns={[
              {
                key: "name",
                title: t("dispositions.name"),
                render: (_, row) => <RecordLink id={row.id}>{nameOf(row)}</RecordLink>,
              },
              {
                key: "actions",
                title: <span className="visually-hidden">{t("list.actions")}</span>,
                align: "right",
                render: (_, row) => (
                  <DispositionActions
                    row={row}
                    rows={rows}
                    isSearching={Boolean(search.search)}
                    onOpen={open}
                  />
                ),
              },
            ]}
            locale={{
              emptyText: search.search ? (
                <EmptyState
                  icon={ListTree}
                  title={t("list.nothingFound")}
                  hint={t("list.nothingFoundHint")}
                />
              ) : (
                <EmptyState
                  icon={ListTree}
                  title={t("dispositions.empty")}
                  hint={t("dispositions.emptyHint")}
                  action={add}
                />
              ),
            }}
          />
        )}
      </Card>
      {(search.open === "new" || parentOfNew !== undefined || opened) && (
        <DispositionDrawer
          key={search.open ?? ""}
          row={opened}
          rows={rows}
          parent={parentOfNew === undefined ? null : Number(parentOfNew)}
          onClose={() => open(null)}
        />
      )}
    </Page>
  );
}
