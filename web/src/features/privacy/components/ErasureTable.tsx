import { useQuery } from "@tanstack/react-query";
import { Link, useNavigate } from "@tanstack/react-router";
import { Button, Select, Typography } from "antd";
import { Eraser } from "lucide-react";
import { useTranslation } from "react-i18next";
import { useTimeZone } from "@/api/session";
import { formatInstant } from "@/lib/time";
import { DataTable } from "@/ui/DataTable";
import { EmptyState } from "@/ui/EmptyState";
import { FilterBar } from "@/ui/FilterBar";
import { compact, fromListState, toListState } from "@/ui/list-search";
import { Card } from "@/ui/Page";
import { type Erasure, erasuresQuery } from "../model/queries";
import { ERASURE_STATES, type ErasuresSearch } from "../model/search";
import { ErasureDecision } from "./ErasureDecision";
import { ErasureState } from "./ErasureState";

interface Props {
  search: ErasuresSearch;
  onSearch: (search: ErasuresSearch) => void;
}

const sumOf = (counts: Record<string, number>) => Object.values(counts).reduce((sum, one) => sum + one, 0);

/** Erasures with their state, and what waits to be decided. */
export function ErasureTable({ search, onSearch }: Props) {
  const { t } = useTranslation("privacy");
  const zone = useTimeZone();
  const navigate = useNavigate();
  const { data, error, isPending, refetch } = useQuery(erasuresQuery(search));
  const change = (changes: ErasuresSearch) => onSearch(compact({ ...search, ...changes }));
  const isFiltered = Boolean(search.search || search.state);
  const begin = (
    <Button type="primary" onClick={() => void navigate({ to: "/customers", search: {} })}>
      {t("list.begin")}
    </Button>
  );
  return (
    <Card>
      <FilterBar
        search={search.search ?? ""}
        onSearch={(text) => change({ search: text || undefined, page: undefined })}
        placeholder={t("list.search")}
      >
        <Select
          value={search.state ?? null}
          onChange={(state) => change({ state: state ?? undefined, page: undefined })}
          options={ERASURE_STATES.map((value) => ({ value, label: t(`states.${value}`) }))}
          placeholder={t("list.anyState")}
          aria-label={t("list.state")}
          allowClear
          style={{ width: 200 }}
        />
      </FilterBar>
      <DataTable<Erasure>
        label={t("list.title")}
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
            icon={Eraser}
            title={t(isFiltered ? "list.nothing" : "list.empty")}
            hint={t(isFiltered ? "list.nothingHint" : "list.emptyHint")}
            action={isFiltered ? undefined : begin}
          />
        }
        columns={[
          {
            key: "number",
            title: t("list.certificate"),
            render: (_, row) => (
              <Link to="/erasures/$erasure" params={{ erasure: String(row.id) }}>
                {row.number.slice(0, 8)}
              </Link>
            ),
          },
          {
            key: "state",
            title: t("list.state"),
            sorter: true,
            render: (_, row) => <ErasureState erasure={row} />,
          },
          { key: "actions", title: t("list.actions"), render: (_, row) => <ErasureDecision erasure={row} /> },
          { key: "customer_id", title: t("list.customer"), sorter: true, dataIndex: "customer_id" },
          { key: "reason", title: t("list.reason"), dataIndex: "reason" },
          {
            key: "by_name",
            title: t("list.by"),
            render: (_, row) => (
              <>
                {row.by_name}
                {row.decided_by_name && (
                  <Typography.Text type="secondary" style={{ display: "block" }}>
                    {t("list.decided", { name: row.decided_by_name })}
                  </Typography.Text>
                )}
              </>
            ),
          },
          {
            key: "ordered_at",
            title: t("list.at"),
            sorter: true,
            render: (_, row) => formatInstant(row.ordered_at, zone),
          },
          {
            key: "done_at",
            title: t("list.done"),
            sorter: true,
            render: (_, row) => (row.done_at ? formatInstant(row.done_at, zone) : ""),
          },
          {
            key: "counts",
            title: t("list.erased"),
            className: "numbers",
            render: (_, row) => sumOf(row.counts) || "",
          },
        ]}
      />
    </Card>
  );
}
