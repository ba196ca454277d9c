import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { Button, Select, type TableProps } from "antd";
import { ListX } from "lucide-react";
import { lazy, type ReactNode, Suspense, useState } from "react";
import { useTranslation } from "react-i18next";
import { useRight, useTimeZone } from "@/api/session";
import { formatNumber } from "@/lib/numbers";
import { formatInstant } from "@/lib/time";
import { DataTable } from "@/ui/DataTable";
import { EmptyState } from "@/ui/EmptyState";
import { ExportButton } from "@/ui/ExportButton";
import { FilterBar } from "@/ui/FilterBar";
import { fromListState, toListState } from "@/ui/list-search";
import { StatusTag, type Tone } from "@/ui/StatusTag";
import { type Entry, listEntriesQuery, toEntriesQuery } from "../model/queries";
import { entryStates, type ListCode, type ListsSearch } from "../model/search";

const EndEntry = lazy(async () => ({ default: (await import("./EndEntry")).EndEntry }));

const TONES: Record<Entry["state"], Tone> = { active: "ready", expired: "off", ended: "off" };

interface Props {
  list: ListCode;
  search: ListsSearch;
  onSearch: (search: ListsSearch) => void;
  add: ReactNode;
}

/** One list: who stands on it, why, until when; with those of the past on request. */
export function EntryList({ list, search, onSearch, add }: Props) {
  const { t } = useTranslation("number-lists");
  const [ending, setEnding] = useState<Entry | null>(null);
  const { data, error, isPending, refetch } = useQuery(listEntriesQuery(search, list));
  const columns = useEntryColumns(setEnding);
  return (
    <>
      <FilterBar
        search={search.search ?? ""}
        onSearch={(text) => onSearch({ ...search, search: text || undefined, page: undefined })}
        placeholder={t("search")}
        views="number-lists"
      >
        <Select
          value={search.state ?? "active"}
          onChange={(state) =>
            onSearch({ ...search, state: state === "active" ? undefined : state, page: undefined })
          }
          options={[...entryStates, "all" as const].map((value) => ({ value, label: t(`state.${value}`) }))}
          aria-label={t("stateLabel")}
          style={{ width: 150 }}
        />
        <ExportButton path="/api/lists" query={toEntriesQuery(search, list)} />
      </FilterBar>
      <DataTable<Entry>
        label={t(`name.${list}`)}
        columns={columns}
        rows={data?.items}
        total={data?.total}
        rowKey="id"
        list={toListState(search)}
        onList={(state) => onSearch({ ...search, ...fromListState(state) })}
        isLoading={isPending}
        error={error}
        onRetry={() => void refetch()}
        empty={
          <EmptyState icon={ListX} title={t(`empty.${list}`)} hint={t(`emptyHint.${list}`)} action={add} />
        }
      />
      {ending && (
        <Suspense fallback={null}>
          <EndEntry entry={ending} onClose={() => setEnding(null)} />
        </Suspense>
      )}
    </>
  );
}

function useEntryColumns(onEnd: (entry: Entry) => void): NonNullable<TableProps<Entry>["columns"]> {
  const { t } = useTranslation("number-lists");
  const zone = useTimeZone();
  const mayWrite = useRight("lists.write");
  const at = (instant: string | null) => (instant ? formatInstant(instant, zone) : "–");
  return [
    {
      key: "who",
      title: t("who"),
      render: (_, row) =>
        row.customer_id ? (
          <Link to="/customers/$customer" params={{ customer: String(row.customer_id) }}>
            {row.customer}
          </Link>
        ) : (
          <span className="numbers">{formatNumber(row.number ?? row.masked)}</span>
        ),
    },
    { key: "reason", title: t("reason"), dataIndex: "reason" },
    { key: "author", title: t("author"), render: (_, row) => row.author || "–" },
    {
      key: "created_at",
      title: t("since"),
      sorter: true,
      className: "numbers",
      render: (_, row) => at(row.created_at),
    },
    {
      key: "expires_at",
      title: t("until"),
      sorter: true,
      className: "numbers",
      render: (_, row) => (row.expires_at ? at(row.expires_at) : t("forEver")),
    },
    {
      key: "state",
      title: t("stateLabel"),
      render: (_, row) => <StatusTag tone={TONES[row.state]}>{t(`state.${row.state}`)}</StatusTag>,
    },
    {
      key: "end",
      title: <span className="visually-hidden">{t("actions")}</span>,
      align: "right",
      render: (_, row) => {
        if (row.state === "ended")
          return t("endedBy", { by: row.ended_by, why: row.ended_reason, at: at(row.ended_at) });
        return mayWrite && row.state === "active" ? (
          <Button size="small" onClick={() => onEnd(row)}>
            {t("end")}
          </Button>
        ) : null;
      },
    },
  ];
}
