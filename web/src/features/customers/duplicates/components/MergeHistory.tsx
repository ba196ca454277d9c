import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { App, Button, Popconfirm } from "antd";
import { Merge as MergeIcon } from "lucide-react";
import { useTranslation } from "react-i18next";
import { ApiProblem } from "@/api/problem";
import { problemText } from "@/api/problem-text";
import { useTimeZone } from "@/api/session";
import { formatInstant } from "@/lib/time";
import { DataTable } from "@/ui/DataTable";
import { EmptyState } from "@/ui/EmptyState";
import { ExportButton } from "@/ui/ExportButton";
import { FilterBar } from "@/ui/FilterBar";
import { fromListState, toListQuery, toListState } from "@/ui/list-search";
import { type Merge, mergesQuery, undoMerge } from "../model/queries";
import type { DuplicatesSearch } from "../model/search";
import { useFieldName } from "../model/useFieldName";

interface Props {
  search: DuplicatesSearch;
  onSearch: (search: DuplicatesSearch) => void;
}

/** What was merged, by whom, and the way back. */
export function MergeHistory({ search, onSearch }: Props) {
  const { t } = useTranslation("duplicates");
  const { message } = App.useApp();
  const zone = useTimeZone();
  const nameOf = useFieldName();
  const client = useQueryClient();
  const { data, error, isPending, refetch } = useQuery(mergesQuery(search));
  const undo = useMutation({
    mutationFn: (merge: Merge) => undoMerge(merge.id),
    onSuccess: async (merge) => {
      message.success(t("history.undoneNow", { name: merge.merged_name }));
      await client.invalidateQueries({ queryKey: ["duplicates"] });
      await client.invalidateQueries({ queryKey: ["customers"] });
    },
    onError: (problem) => {
      const changed = problem instanceof ApiProblem ? problem.facts.fields : undefined;
      const fields = Array.isArray(changed)
        ? changed.map((field) => nameOf(String(field))).join(t("list.comma"))
        : "";
      message.error(fields ? t("history.changedSince", { fields }) : problemText(problem));
    },
  });
  return (
    <>
      <FilterBar
        search={search.search ?? ""}
        onSearch={(text) => onSearch({ ...search, search: text || undefined, page: undefined })}
        placeholder={t("list.search")}
      >
        <ExportButton path="/api/merges" query={toListQuery(search)} />
      </FilterBar>
      <DataTable<Merge>
        label={t("tab.merges")}
        rows={data?.items}
        total={data?.total}
        rowKey="id"
        list={toListState(search)}
        onList={(list) => onSearch({ ...search, ...fromListState(list) })}
        isLoading={isPending}
        error={error}
        onRetry={() => void refetch()}
        empty={<EmptyState icon={MergeIcon} title={t("empty.merges")} hint={t("empty.mergesHint")} />}
        columns={[
          {
            key: "kept_name",
            title: t("history.kept"),
            sorter: true,
            render: (_, row) => (
              <Link to="/customers/$customer" params={{ customer: String(row.kept_id) }}>
                {row.kept_name}
              </Link>
            ),
          },
          { key: "merged_name", title: t("history.merged"), sorter: true, dataIndex: "merged_name" },
          { key: "by_name", title: t("history.by"), sorter: true, dataIndex: "by_name" },
          {
            key: "at",
            title: t("history.at"),
            sorter: true,
            render: (_, row) => formatInstant(row.at, zone),
          },
          {
            key: "actions",
            title: <span className="visually-hidden">{t("list.actions")}</span>,
            align: "right",
            render: (_, row) =>
              row.undone_at ? (
                t("history.undone", { at: formatInstant(row.undone_at, zone) })
              ) : (
                <Popconfirm
                  title={t("history.sure")}
                  description={t("history.sureHint")}
                  okText={t("history.undo")}
                  cancelText={t("merge.cancel")}
                  onConfirm={() => undo.mutate(row)}
                >
                  <Button size="small">{t("history.undo")}</Button>
                </Popconfirm>
              ),
          },
        ]}
      />
    </>
  );
}
