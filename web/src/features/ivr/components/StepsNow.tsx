import { Table } from "antd";
import { Workflow } from "lucide-react";
import { useTranslation } from "react-i18next";
import { formatDuration, secondsSince } from "@/lib/time";
import { useServerNow } from "@/live/useServerNow";
import { EmptyState } from "@/ui/EmptyState";
import type { StepNow } from "../model/status";
import { useIvrNames } from "./useIvrNames";

/** At which steps callers are, the fullest first. */
export function StepsNow({ steps }: { steps: readonly StepNow[] }) {
  const { t } = useTranslation("ivr");
  const now_ms = useServerNow();
  const names = useIvrNames();
  return (
    <Table<StepNow>
      rowKey="key"
      size="small"
      aria-label={t("status.steps")}
      dataSource={[...steps]}
      pagination={{ pageSize: 10, hideOnSinglePage: true }}
      locale={{
        emptyText: <EmptyState icon={Workflow} title={t("status.empty")} hint={t("status.emptyHint")} />,
      }}
      columns={[
        {
          key: "step",
          title: t("step"),
          sorter: (a, b) => a.node.localeCompare(b.node),
          render: (_, row) => names.stepOf(row),
        },
        {
          key: "flow",
          title: t("flow"),
          sorter: (a, b) => names.flowOf(a.flow).localeCompare(names.flowOf(b.flow)),
          render: (_, row) => names.flowOf(row.flow),
        },
        {
          key: "callers",
          title: t("status.inService"),
          align: "right",
          sorter: (a, b) => a.callers - b.callers,
          render: (_, row) => <span className="numbers">{row.callers}</span>,
        },
        {
          key: "since",
          title: t("status.longest"),
          align: "right",
          sorter: (a, b) => b.since.localeCompare(a.since),
          render: (_, row) => (
            <span className="numbers">{formatDuration(secondsSince(row.since, now_ms))}</span>
          ),
        },
      ]}
    />
  );
}
