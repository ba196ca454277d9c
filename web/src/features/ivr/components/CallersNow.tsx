import { Table } from "antd";
import { PhoneIncoming } from "lucide-react";
import { useTranslation } from "react-i18next";
import { formatNumber } from "@/lib/numbers";
import { formatDuration, secondsSince } from "@/lib/time";
import { useServerNow } from "@/live/useServerNow";
import { EmptyState } from "@/ui/EmptyState";
import type { CallerAtStep } from "../model/status";
import { useIvrNames } from "./useIvrNames";

/** The callers in automatic service one by one, who has been at a step longest first. */
export function CallersNow({ callers }: { callers: readonly CallerAtStep[] }) {
  const { t } = useTranslation("ivr");
  const now_ms = useServerNow();
  const names = useIvrNames();
  return (
    <Table<CallerAtStep>
      rowKey="id"
      size="small"
      aria-label={t("status.callersLabel")}
      dataSource={[...callers]}
      pagination={{ pageSize: 20, hideOnSinglePage: true }}
      locale={{
        emptyText: <EmptyState icon={PhoneIncoming} title={t("status.empty")} hint={t("status.emptyHint")} />,
      }}
      columns={[
        {
          key: "number",
          title: t("status.number"),
          render: (_, row) => <span className="numbers">{row.number ? formatNumber(row.number) : "–"}</span>,
        },
        {
          key: "entry",
          title: t("status.entry"),
          sorter: (a, b) => (a.entry ?? "").localeCompare(b.entry ?? ""),
          render: (_, row) => <span className="numbers">{row.entry ? formatNumber(row.entry) : "–"}</span>,
        },
        { key: "flow", title: t("flow"), render: (_, row) => names.flowOf(row.step.flow) },
        {
          key: "step",
          title: t("step"),
          sorter: (a, b) => a.step.node.localeCompare(b.step.node),
          render: (_, row) => names.stepOf(row.step),
        },
        {
          key: "since",
          title: t("status.stays"),
          align: "right",
          sorter: (a, b) => b.step.since.localeCompare(a.step.since),
          render: (_, row) => (
            <span className="numbers">{formatDuration(secondsSince(row.step.since, now_ms))}</span>
          ),
        },
      ]}
    />
  );
}
