import { Table } from "antd";
import { Cable } from "lucide-react";
import { useTranslation } from "react-i18next";
import { formatNumber } from "@/lib/numbers";
import { EmptyState } from "@/ui/EmptyState";
import { type LineNow, total } from "../model/status";
import { useIvrNames } from "./useIvrNames";

const PARTS = ["inService", "waiting", "talking"] as const;

interface Props {
  lines: readonly LineNow[];
  /** Only callers of the reader's teams are counted. */
  isOfTeams: boolean;
}

/** How many lines are busy, by the number that was called and the trunk that brought the call. */
export function LinesNow({ lines, isOfTeams }: Props) {
  const { t } = useTranslation("ivr");
  const names = useIvrNames();
  return (
    <Table<LineNow>
      rowKey="key"
      size="small"
      aria-label={t("status.lines")}
      dataSource={[...lines]}
      pagination={{ pageSize: 10, hideOnSinglePage: true }}
      locale={{
        emptyText: (
          <EmptyState
            icon={Cable}
            title={t(isOfTeams ? "status.noLinesOfTeams" : "status.noLines")}
            hint={t("status.noLinesHint")}
          />
        ),
      }}
      columns={[
        {
          key: "entry",
          title: t("status.entry"),
          sorter: (a, b) => (a.entry ?? "").localeCompare(b.entry ?? ""),
          render: (_, row) => <span className="numbers">{row.entry ? formatNumber(row.entry) : "–"}</span>,
        },
        {
          key: "cameBy",
          title: t("status.cameBy"),
          sorter: (a, b) => a.cameBy.localeCompare(b.cameBy),
          render: (_, row) => names.lineOf(row.cameBy),
        },
        ...PARTS.map((part) => ({
          key: part,
          title: t(`status.${part}`),
          align: "right" as const,
          sorter: (a: LineNow, b: LineNow) => a[part] - b[part],
          render: (_: unknown, row: LineNow) => <span className="numbers">{row[part]}</span>,
        })),
        {
          key: "total",
          title: t("status.busy"),
          align: "right",
          sorter: (a, b) => total(a) - total(b),
          render: (_, row) => <span className="numbers">{total(row)}</span>,
        },
      ]}
    />
  );
}
