import { useQuery } from "@tanstack/react-query";
import type { TableProps } from "antd";
import type { LucideIcon } from "lucide-react";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { DataTable } from "@/ui/DataTable";
import { EmptyState } from "@/ui/EmptyState";
import { ExportButton } from "@/ui/ExportButton";
import { FilterBar } from "@/ui/FilterBar";
import { Card, Page } from "@/ui/Page";
import { PageHeader } from "@/ui/PageHeader";
import type { ListPage, ListQuery } from "../../model/api";
import { listQuery } from "../../model/queries";
import { useSettingsSearch } from "../../model/useSettingsSearch";

export interface Words {
  title: string;
  hint: string;
  search: string;
  empty: string;
  emptyHint: string;
}

interface Props<Row extends { id: number }> {
  /** the address below /api, and the middle of its cache key */
  noun: string;
  list: (query: ListQuery & Record<string, unknown>) => Promise<ListPage<Row>>;
  words: Words;
  icon: LucideIcon;
  columns: NonNullable<TableProps<Row>["columns"]>;
  /** The one thing to do on this page. */
  action?: ReactNode;
  filters?: ReactNode;
  filter?: Record<string, string | number>;
  /** Above the list. */
  notice?: ReactNode;
  /** Beside the list: a drawer for the opened row. */
  children?: (rows: readonly Row[]) => ReactNode;
}

/** A list of one kind of open interface: searched, filtered, sorted, paged and exported, all by its address. */
export function IntegrationList<Row extends { id: number }>(props: Props<Row>) {
  const { noun, list, words, icon, columns, action, filters, filter = {}, notice, children } = props;
  const { t } = useTranslation("integrations");
  const { search, list: shown, query, filter: setFilter, showList } = useSettingsSearch();
  const asked = { ...query, ...filter };
  const rows = useQuery(listQuery<Row, ListQuery>({ noun, list: list as never }, asked));
  const isFiltered = Boolean(search.search) || Object.values(filter).some(Boolean);
  return (
    <Page>
      <PageHeader
        title={words.title}
        hint={words.hint}
        actions={
          <>
            <ExportButton path={`/api/${noun}`} query={asked} />
            {action}
          </>
        }
      />
      {notice}
      <Card>
        <FilterBar
          search={search.search ?? ""}
          onSearch={(text) => setFilter({ search: text })}
          placeholder={words.search}
        >
          {filters}
        </FilterBar>
        <DataTable
          label={words.title}
          columns={columns}
          rows={rows.data?.items}
          total={rows.data?.total}
          rowKey="id"
          list={shown}
          onList={showList}
          isLoading={rows.isPending}
          error={rows.error}
          onRetry={() => void rows.refetch()}
          empty={
            isFiltered ? (
              <EmptyState icon={icon} title={t("nothingFound")} hint={t("nothingFoundHint")} />
            ) : (
              <EmptyState icon={icon} title={words.empty} hint={words.emptyHint} action={action} />
            )
          }
        />
      </Card>
      {children?.(rows.data?.items ?? [])}
    </Page>
  );
}
