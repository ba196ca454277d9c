import { useQuery } from "@tanstack/react-query";
import { Select, Typography } from "antd";
import { FileDown } from "lucide-react";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { useTimeZone } from "@/api/session";
import { formatInstant } from "@/lib/time";
import { DataTable } from "@/ui/DataTable";
import { EmptyState } from "@/ui/EmptyState";
import { FilterBar } from "@/ui/FilterBar";
import { compact, fromListState, toListState } from "@/ui/list-search";
import { Card } from "@/ui/Page";
import { EXPORT_STATES, type ExportSearch } from "../model/search";
import { ExportActions } from "./ExportActions";
import { ExportState } from "./ExportState";
import { type Export, exportsQuery } from "./queries";

interface Props {
  /** only one's own, or everybody's */
  mine: boolean;
  search: ExportSearch;
  onSearch: (search: ExportSearch) => void;
  /** what to do where there is nothing yet */
  begin?: ReactNode;
}

/** Exports with their state in words, and what can be done with each. */
export function ExportTable({ mine, search, onSearch, begin }: Props) {
  const { t } = useTranslation(["exchange", "ui"]);
  const zone = useTimeZone();
  const { data, error, isPending, refetch } = useQuery(exportsQuery(search, mine));
  const change = (changes: ExportSearch) => onSearch(compact({ ...search, ...changes }));
  const isFiltered = Boolean(search.search || search.state);
  const nameOf = (path: string) => {
    const noun = path.replace("/api/", "").split("/")[0] ?? path;
    return t(`exports.lists.${noun}`, { defaultValue: noun });
  };
  const filtersOf = (row: Export) =>
    Object.keys(row.filters)
      .filter((name) => name !== "sort")
      .map((name) => t(`exports.filterNames.${name}`, { defaultValue: name }));
  return (
    <Card>
      <FilterBar
        search={search.search ?? ""}
        onSearch={(text) => change({ search: text || undefined, page: undefined })}
        placeholder={t("exports.search")}
      >
        <Select
          value={search.state ?? null}
          onChange={(state) => change({ state: state ?? undefined, page: undefined })}
          options={EXPORT_STATES.map((value) => ({ value, label: t(`exports.states.${value}`) }))}
          placeholder={t("exports.anyState")}
          aria-label={t("exports.state")}
          allowClear
          style={{ width: 150 }}
        />
      </FilterBar>
      <DataTable<Export>
        label={t("exports.title")}
        rows={data?.items}
        total={data?.total}
        rowKey="id"
        list={toListState(search)}
        onList={(list) => change(fromListState(list))}
        isLoading={isPending}
        error={error}
        onRetry={() => void refetch()}
        empty={
          <EmptyState
            icon={FileDown}
            title={t(isFiltered ? "exports.nothing" : "exports.empty")}
            hint={t(isFiltered ? "exports.nothingHint" : "exports.emptyHint")}
            action={isFiltered ? undefined : begin}
          />
        }
        columns={[
          {
            key: "list_path",
            title: t("exports.list"),
            sorter: true,
            render: (_, row) => (
              <>
                {nameOf(row.list_path)}
                {filtersOf(row).length > 0 && (
                  <Typography.Text type="secondary" style={{ display: "block" }}>
                    {t("exports.filters", { names: filtersOf(row).join(t("columns.comma")) })}
                  </Typography.Text>
                )}
              </>
            ),
          },
          {
            key: "state",
            title: t("exports.state"),
            sorter: true,
            render: (_, row) => <ExportState row={row} />,
          },
          { key: "total", title: t("exports.rows"), sorter: true, dataIndex: "total", className: "numbers" },
          {
            key: "format",
            title: t("exports.format"),
            render: (_, row) => t(`ui:list.formats.${row.format}`),
          },
          { key: "by_name", title: t("exports.by"), sorter: true, dataIndex: "by_name" },
          {
            key: "created_at",
            title: t("exports.at"),
            sorter: true,
            render: (_, row) => formatInstant(row.created_at, zone),
          },
          {
            key: "expires_at",
            title: t("exports.until"),
            render: (_, row) =>
              row.state === "ready" && row.expires_at ? formatInstant(row.expires_at, zone) : "",
          },
          { key: "actions", title: t("exports.actions"), render: (_, row) => <ExportActions row={row} /> },
        ]}
      />
    </Card>
  );
}
