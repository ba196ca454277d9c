import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { App, Button, Select, Space, Tag, Typography } from "antd";
import { UsersRound } from "lucide-react";
import { lazy, Suspense, useState } from "react";
import { useTranslation } from "react-i18next";
import { problemText } from "@/api/problem-text";
import { formatNumber } from "@/lib/numbers";
import { DataTable } from "@/ui/DataTable";
import { EmptyState } from "@/ui/EmptyState";
import { ExportButton } from "@/ui/ExportButton";
import { FilterBar } from "@/ui/FilterBar";
import { fromListState, toListState } from "@/ui/list-search";
import { type Customer, judge, type Pair, pairsQuery, toPairsQuery } from "../model/queries";
import type { DuplicatesSearch } from "../model/search";

const MergeDialog = lazy(async () => ({ default: (await import("./MergeDialog")).MergeDialog }));

const SCORES = [60, 80, 90] as const;

interface Props {
  search: DuplicatesSearch;
  onSearch: (search: DuplicatesSearch) => void;
  state: "open" | "not_same";
}

/** Pairs with their reasons; the likeliest first. */
export function PairList({ search, onSearch, state }: Props) {
  const { t } = useTranslation("duplicates");
  const { message } = App.useApp();
  const client = useQueryClient();
  const [merging, setMerging] = useState<Pair | null>(null);
  const { data, error, isPending, refetch } = useQuery(pairsQuery(search, state));
  const judging = useMutation({
    mutationFn: ({ pair, isSame }: { pair: Pair; isSame: boolean }) => judge(pair.id, isSame),
    onSuccess: () => client.invalidateQueries({ queryKey: ["duplicates", "list"] }),
    onError: (problem) => void message.error(problemText(problem)),
  });
  const isOpen = state === "open";
  return (
    <>
      <FilterBar
        search={search.search ?? ""}
        onSearch={(text) => onSearch({ ...search, search: text || undefined, page: undefined })}
        placeholder={t("list.search")}
        views="duplicates"
      >
        <Select
          value={search.at_least ?? null}
          onChange={(at_least) => onSearch({ ...search, at_least: at_least ?? undefined, page: undefined })}
          options={SCORES.map((score) => ({ value: score, label: t("list.atLeast", { score }) }))}
          placeholder={t("list.anyScore")}
          aria-label={t("list.anyScore")}
          allowClear
          style={{ width: 150 }}
        />
        <ExportButton path="/api/duplicates" query={toPairsQuery(search, state)} />
      </FilterBar>
      <DataTable<Pair>
        label={t("title")}
        rows={data?.items}
        total={data?.total}
        rowKey="id"
        list={toListState(search)}
        onList={(list) => onSearch({ ...search, ...fromListState(list) })}
        isLoading={isPending}
        error={error}
        onRetry={() => void refetch()}
        empty={
          <EmptyState
            icon={UsersRound}
            title={t(isOpen ? "empty.open" : "empty.notSame")}
            hint={t(isOpen ? "empty.openHint" : "empty.notSameHint")}
          />
        }
        columns={[
          { key: "one", title: t("list.one"), render: (_, pair) => <Person customer={pair.one} /> },
          { key: "other", title: t("list.other"), render: (_, pair) => <Person customer={pair.other} /> },
          {
            key: "score",
            title: t("list.score"),
            sorter: true,
            className: "numbers",
            render: (_, pair) => t("list.percent", { score: pair.score }),
          },
          {
            key: "reasons",
            title: t("list.reasons"),
            render: (_, pair) =>
              pair.reasons.map((reason) => (
                <Tag key={reason} color={reason.startsWith("other_") ? "orange" : "blue"}>
                  {t(`reason.${reason}`)}
                </Tag>
              )),
          },
          {
            key: "actions",
            title: <span className="visually-hidden">{t("list.actions")}</span>,
            align: "right",
            render: (_, pair) => (
              <Space>
                <Button size="small" onClick={() => judging.mutate({ pair, isSame: !isOpen })}>
                  {t(isOpen ? "list.notSame" : "list.again")}
                </Button>
                {isOpen && (
                  <Button size="small" type="primary" onClick={() => setMerging(pair)}>
                    {t("list.merge")}
                  </Button>
                )}
              </Space>
            ),
          },
        ]}
      />
      {merging && (
        <Suspense fallback={null}>
          <MergeDialog pair={merging} onClose={() => setMerging(null)} />
        </Suspense>
      )}
    </>
  );
}

function Person({ customer }: { customer: Customer }) {
  const number = customer.numbers[0];
  return (
    <Space orientation="vertical" size={0}>
      <Link to="/customers/$customer" params={{ customer: String(customer.id) }}>
        {customer.name}
      </Link>
      <Typography.Text type="secondary">
        {[customer.company, number && formatNumber(number.number ?? number.masked)]
          .filter(Boolean)
          .join(" · ")}
      </Typography.Text>
    </Space>
  );
}
