import { useQuery } from "@tanstack/react-query";
import { App, Button, type TableProps } from "antd";
import { type LucideIcon, Plus } from "lucide-react";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { DataTable } from "@/ui/DataTable";
import { EmptyState } from "@/ui/EmptyState";
import { ExportButton } from "@/ui/ExportButton";
import { FilterBar } from "@/ui/FilterBar";
import { Card, Page } from "@/ui/Page";
import { PageHeader } from "@/ui/PageHeader";
import type { ListQuery, Resource } from "../model/api";
import { listQuery } from "../model/queries";
import { useSettingsSearch } from "../model/useSettingsSearch";
import { RowActions } from "./RowActions";

type Noun =
  | "users"
  | "queues"
  | "numbers"
  | "trunks"
  | "telephones"
  | "hours"
  | "reasons"
  | "checklists"
  | "recommendations"
  | "replies"
  | "ownReplies"
  | "tags"
  | "products";

/** Lists whose views are kept under another code than their words. */
const VIEWS: Partial<Record<Noun, string>> = { ownReplies: "own-replies" };

interface Props<Row extends { id: number }> {
  noun: Noun;
  icon: LucideIcon;
  // biome-ignore lint/suspicious/noExplicitAny: the page reads and removes; what is written is the drawer's matter
  resource: Resource<Row, any, any, any, any>;
  columns: NonNullable<TableProps<Row>["columns"]>;
  nameOf: (row: Row) => string;
  /** Filters beside the search field, and what they ask of the API. */
  filters?: ReactNode;
  filter?: Record<string, string>;
  /** The filter belongs to the page: an empty list is not a fruitless search. */
  isFilterFixed?: boolean;
  /** More to do with one row, before "delete". */
  actions?: (row: Row) => ReactNode;
  /** The drawer for the open record; `row` is null for a new one. */
  drawer: (row: Row | null, close: () => void) => ReactNode;
  /** The rows that are chosen for an action on several. */
  selection?: { keys: readonly number[]; onChange: (keys: readonly number[]) => void };
  /** More buttons in the page's head, before "add". */
  headActions?: ReactNode;
  /** Above the list: what must be said before it is used. */
  notice?: ReactNode;
}

/** A list of settings with search, sorting, pages, export, a drawer to edit in, and deletion after a question. */
export function RecordsPage<Row extends { id: number }>(props: Props<Row>) {
  const {
    noun,
    icon,
    resource,
    columns,
    nameOf,
    filters,
    filter = {},
    isFilterFixed = false,
    actions,
    drawer,
    headActions,
    notice,
    selection,
  } = props;
  const { t } = useTranslation("admin");
  const { message } = App.useApp();
  const { search, list, query, filter: setFilter, showList, open } = useSettingsSearch();
  const chosen = Object.fromEntries(Object.entries(filter).filter(([, value]) => value !== ""));
  const asked = { ...query, ...chosen };
  const rows = useQuery(listQuery<Row, ListQuery>(resource, asked));
  const isFiltered = Boolean(search.search) || (!isFilterFixed && Object.keys(chosen).length > 0);
  const close = () => open(null);
  const opened = rows.data?.items.find((row) => String(row.id) === search.open) ?? null;
  const add = (
    <Button type="primary" icon={<Plus size={16} />} onClick={() => open("new")}>
      {t(`${noun}.add`)}
    </Button>
  );
  const withActions = [
    ...columns,
    {
      key: "actions",
      title: <span className="visually-hidden">{t("list.actions")}</span>,
      align: "right" as const,
      render: (_: unknown, row: Row) => (
        <RowActions
          name={nameOf(row)}
          hint={t(`${noun}.removeHint`)}
          onEdit={() => open(row.id)}
          onRemove={async () => {
            await resource.remove(row.id);
            message.success(t("list.removed", { name: nameOf(row) }));
          }}
        >
          {actions?.(row)}
        </RowActions>
      ),
    },
  ];
  return (
    <Page>
      <PageHeader
        title={t(`${noun}.title`)}
        hint={t(`${noun}.hint`)}
        actions={
          <>
            {headActions}
            <ExportButton path={`/api/${resource.noun}`} query={asked} />
            {add}
          </>
        }
      />
      {notice}
      <Card>
        <FilterBar
          search={search.search ?? ""}
          views={VIEWS[noun] ?? noun}
          onSearch={(text) => setFilter({ search: text })}
          placeholder={t(`${noun}.search`)}
        >
          {filters}
        </FilterBar>
        <DataTable
          label={t(`${noun}.title`)}
          columns={withActions}
          rows={rows.data?.items}
          total={rows.data?.total}
          rowKey="id"
          list={list}
          onList={showList}
          isLoading={rows.isPending}
          {...(selection && { selection: { ...selection, nameOf } })}
          error={rows.error}
          onRetry={() => void rows.refetch()}
          empty={
            isFiltered ? (
              <EmptyState icon={icon} title={t("list.nothingFound")} hint={t("list.nothingFoundHint")} />
            ) : (
              <EmptyState icon={icon} title={t(`${noun}.empty`)} hint={t(`${noun}.emptyHint`)} action={add} />
            )
          }
        />
      </Card>
      {search.open === "new" && drawer(null, close)}
      {opened && drawer(opened, close)}
    </Page>
  );
}
