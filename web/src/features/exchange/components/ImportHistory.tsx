import { useQuery } from "@tanstack/react-query";
import { Button } from "antd";
import { FileSpreadsheet } from "lucide-react";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { useTimeZone } from "@/api/session";
import { formatInstant } from "@/lib/time";
import { DataTable } from "@/ui/DataTable";
import { EmptyState } from "@/ui/EmptyState";
import { FilterBar } from "@/ui/FilterBar";
import { compact, fromListState, toListState } from "@/ui/list-search";
import { Card } from "@/ui/Page";
import { StatusTag, type Tone } from "@/ui/StatusTag";
import { type Import, type ImportKind, importsQuery } from "../model/queries";
import type { ImportSearch } from "../model/search";

const TONES: Partial<Record<Import["state"], Tone>> = {
  done: "ready",
  checking: "talk",
  running: "talk",
  undoing: "talk",
  failed: "break",
  cancelled: "break",
};

interface Props {
  kinds: readonly ImportKind[];
  search: ImportSearch;
  onSearch: (search: ImportSearch) => void;
  onOpen: (id: number) => void;
  /** Where no file can be chosen on the same page: how to begin. */
  begin?: ReactNode;
}

/** Earlier imports: opened again, looked at, undone. */
export function ImportHistory({ kinds, search, onSearch, onOpen, begin }: Props) {
  const { t, i18n } = useTranslation("exchange");
  const zone = useTimeZone();
  const { data, error, isPending, refetch } = useQuery(importsQuery(search));
  const change = (changes: ImportSearch) => onSearch(compact({ ...search, ...changes }));
  const nameOf = (code: string) => {
    const kind = kinds.find((each) => each.code === code);
    return kind ? (i18n.language === "zh" ? kind.zh : kind.en) : code;
  };
  return (
    <Card title={t("history.title")}>
      <FilterBar
        search={search.search ?? ""}
        onSearch={(text) => change({ search: text || undefined, page: undefined })}
        placeholder={t("history.search")}
      />
      <DataTable<Import>
        label={t("history.title")}
        rows={data?.items}
        total={data?.total}
        rowKey="id"
        list={toListState(search)}
        onList={(list) => change(fromListState(list))}
        isLoading={isPending}
        error={error}
        onRetry={() => void refetch()}
        empty={
          search.search ? (
            <EmptyState icon={FileSpreadsheet} title={t("history.nothing")} hint={t("history.nothingHint")} />
          ) : (
            <EmptyState
              icon={FileSpreadsheet}
              title={t("history.empty")}
              hint={begin ? t("history.emptyHintHere") : t("history.emptyHint")}
              action={begin}
            />
          )
        }
        columns={[
          {
            key: "file_name",
            title: t("history.file"),
            sorter: true,
            render: (_, row) => (
              <Button type="link" style={{ padding: 0 }} onClick={() => onOpen(row.id)}>
                {row.file_name}
              </Button>
            ),
          },
          { key: "kind", title: t("history.kind"), sorter: true, render: (_, row) => nameOf(row.kind) },
          {
            key: "state",
            title: t("history.state"),
            sorter: true,
            render: (_, row) => (
              <StatusTag tone={TONES[row.state] ?? "off"}>{t(`state.${row.state}`)}</StatusTag>
            ),
          },
          { key: "total", title: t("history.rows"), sorter: true, dataIndex: "total", className: "numbers" },
          {
            key: "counts",
            title: t("history.result"),
            render: (_, row) =>
              (["created", "changed", "refused"] as const)
                .filter((name) => (row.counts[name] ?? 0) > 0)
                .map((name) => t("rows.tab", { name: t(`outcome.${name}`), count: row.counts[name] ?? 0 }))
                .join(" · "),
          },
          { key: "by_name", title: t("history.by"), sorter: true, dataIndex: "by_name" },
          {
            key: "created_at",
            title: t("history.at"),
            sorter: true,
            render: (_, row) => formatInstant(row.created_at, zone),
          },
        ]}
      />
    </Card>
  );
}
