import { useQuery } from "@tanstack/react-query";
import { Table, Tabs, Typography } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { ErrorNotice } from "@/ui/ErrorNotice";
import { type Import, type ImportRow, importRowsQuery, type Outcome } from "../model/queries";

const OUTCOMES = ["refused", "created", "changed", "skipped", "unchanged"] as const;

/** The rows by what becomes of them; what is wrong comes first. */
export function OutcomeRows({ found }: { found: Import }) {
  const { t } = useTranslation("exchange");
  const present = OUTCOMES.filter((outcome) => (found.counts[outcome] ?? 0) > 0);
  const [chosen, setChosen] = useState<Outcome | null>(null);
  const first = present[0];
  if (!first) return null;
  const active = chosen !== null && present.includes(chosen) ? chosen : first;
  return (
    <Tabs
      activeKey={active}
      onChange={(key) => setChosen(key as Outcome)}
      items={present.map((outcome) => ({
        key: outcome,
        label: t("rows.tab", { name: t(`outcome.${outcome}`), count: found.counts[outcome] ?? 0 }),
        children: active === outcome && <Rows found={found} outcome={outcome} />,
      }))}
    />
  );
}

/** What undoing passed over, because somebody changed it since. */
export function KeptRows({ found }: { found: Import }) {
  return <Rows found={found} state="kept" />;
}

function Rows({ found, outcome, state }: { found: Import; outcome?: Outcome; state?: "kept" }) {
  const { t } = useTranslation("exchange");
  const [page, setPage] = useState(1);
  const asked = { page, page_size: 10, ...(outcome && { outcome }), ...(state && { state }) };
  const rows = useQuery(importRowsQuery(found, asked));
  if (rows.error) return <ErrorNotice error={rows.error} onRetry={() => void rows.refetch()} />;
  const hasProblems = rows.data?.items.some((row) => row.explained !== "") ?? false;
  return (
    <Table<ImportRow>
      aria-label={t("rows.title")}
      size="small"
      rowKey="number"
      loading={rows.isPending}
      dataSource={rows.data?.items ?? []}
      scroll={{ x: "max-content" }}
      pagination={{
        current: page,
        pageSize: 10,
        total: rows.data?.total ?? 0,
        showSizeChanger: false,
        hideOnSinglePage: true,
        onChange: setPage,
      }}
      columns={[
        { key: "number", title: t("rows.number"), dataIndex: "number", className: "numbers" },
        ...(hasProblems
          ? [
              {
                key: "explained",
                title: t("rows.problem"),
                render: (_: unknown, row: ImportRow) => (
                  <Typography.Text type="danger">{row.explained}</Typography.Text>
                ),
              },
            ]
          : []),
        ...found.titles.map((title, place) => ({
          key: `cell-${place}`,
          title: title || t("columns.unnamed", { number: place + 1 }),
          render: (_: unknown, row: ImportRow) => (
            <Typography.Text ellipsis style={{ maxWidth: 220 }}>
              {row.cells[place]}
            </Typography.Text>
          ),
        })),
      ]}
    />
  );
}
