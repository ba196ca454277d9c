import { Table, type TableProps } from "antd";
import { lazy, type ReactNode, Suspense } from "react";
import { useTranslation } from "react-i18next";
import { choosableColumns, shownColumns } from "./columns";
import styles from "./DataTable.module.css";
import { ErrorNotice } from "./ErrorNotice";
import { NotMeasured } from "./NotMeasured";

/** So far the API counts a list: this total stands for as many or more. */
const COUNTED_UP_TO = 10_000;

/** How a list stands in the address: every list page keeps these in its search parameters. */
export interface ListState {
  page: number;
  pageSize: number;
  /** "name" or "-name", as the API takes it */
  sort?: string | undefined;
  /** The columns that are shown, by key; undefined: all but those that begin hidden. */
  columns?: readonly string[] | undefined;
}

interface Props<Row extends object> {
  /** What the table lists, for screen readers. */
  label: string;
  columns: NonNullable<TableProps<Row>["columns"]>;
  rows: readonly Row[] | undefined;
  total: number | undefined;
  rowKey: keyof Row & string;
  list: ListState;
  onList: (list: ListState) => void;
  isLoading: boolean;
  error?: unknown;
  onRetry?: () => void;
  onRow?: (row: Row) => void;
  /** The rows that are chosen for an action on several, by their keys. */
  selection?: {
    keys: readonly number[];
    onChange: (keys: readonly number[]) => void;
    nameOf: (row: Row) => string;
  };
  /** Shown when there is nothing: an EmptyState that says what belongs here. */
  empty: ReactNode;
  /** The reader may choose the columns; these keys are not shown unless chosen. */
  hidden?: readonly string[];
}

const ColumnChooser = lazy(async () => ({ default: (await import("./ColumnChooser")).ColumnChooser }));

/** A list of the server's: paged and sorted there. Columns with `sorter: true` sort by their `key`. */
export function DataTable<Row extends object>(props: Props<Row>) {
  const { t } = useTranslation("ui");
  const {
    label,
    columns,
    rows,
    total,
    rowKey,
    list,
    onList,
    isLoading,
    error,
    onRetry,
    onRow,
    empty,
    selection,
    hidden,
  } = props;
  const choosable = hidden ? choosableColumns(columns) : [];
  const sorted = shownColumns(columns, list.columns, hidden ?? []).map((column) => ({
    ...column,
    ...(column.sorter === true && {
      sortOrder:
        list.sort === column.key
          ? ("ascend" as const)
          : list.sort === `-${String(column.key)}`
            ? ("descend" as const)
            : null,
    }),
  }));
  if (error) return <ErrorNotice error={error} {...(onRetry && { onRetry })} />;
  const table = (
    <Table<Row>
      aria-label={label}
      size="middle"
      rowKey={rowKey}
      columns={sorted}
      dataSource={rows ?? []}
      loading={isLoading}
      locale={{ emptyText: isLoading ? <span>{t("loading")}</span> : empty }}
      scroll={{ x: "max-content" }}
      pagination={{
        current: list.page,
        pageSize: list.pageSize,
        total: total ?? 0,
        showSizeChanger: true,
        hideOnSinglePage: (total ?? 0) <= 10,
        showTotal: (count) => t(count < COUNTED_UP_TO ? "total" : "totalOrMore", { count }),
      }}
      onChange={(pages, _filters, sorter) => {
        const one = Array.isArray(sorter) ? sorter[0] : sorter;
        const sort = one?.order ? `${one.order === "descend" ? "-" : ""}${String(one.columnKey)}` : undefined;
        const pageSize = pages.pageSize ?? list.pageSize;
        const isSamePlace = sort === list.sort && pageSize === list.pageSize;
        onList({ ...list, page: isSamePlace ? (pages.current ?? 1) : 1, pageSize, sort });
      }}
      {...(selection && {
        rowSelection: {
          selectedRowKeys: [...selection.keys],
          getTitleCheckboxProps: () => ({ "aria-label": t("list.chooseAll") }),
          getCheckboxProps: (row) => ({ "aria-label": t("list.choose", { name: selection.nameOf(row) }) }),
          columnTitle: (box) => <NotMeasured>{box}</NotMeasured>,
          onChange: (keys) => selection.onChange(keys.map(Number)),
        },
      })}
      {...(onRow && {
        onRow: (row: Row) => ({ onClick: () => onRow(row), style: { cursor: "pointer" } }),
      })}
    />
  );
  if (choosable.length === 0) return table;
  return (
    <>
      <div className={styles.head}>
        <Suspense fallback={null}>
          <ColumnChooser
            columns={choosable}
            shown={sorted.map((column) => String(column.key))}
            onChoose={(keys) => onList({ ...list, columns: keys })}
          />
        </Suspense>
      </div>
      {table}
    </>
  );
}
