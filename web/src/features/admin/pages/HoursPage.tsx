import type { TableProps } from "antd";
import { Clock } from "lucide-react";
import { lazy, Suspense } from "react";
import { useTranslation } from "react-i18next";
import { HoursNow } from "../components/HoursNow";
import { HoursSummary } from "../components/HoursSummary";
import { RecordLink } from "../components/RecordLink";
import { RecordsPage } from "../components/RecordsPage";
import { type Hours, hours } from "../model/api";
import { HistoryButton } from "../routing/HistoryButton";

const HoursDrawer = lazy(async () => ({ default: (await import("../components/HoursDrawer")).HoursDrawer }));

/** Calendars: when it is open in a week, the days that differ, and whether it is open now. */
export function HoursPage() {
  const { t } = useTranslation("admin");
  const columns: NonNullable<TableProps<Hours>["columns"]> = [
    {
      key: "name",
      title: t("hours.name"),
      sorter: true,
      render: (_, row) => <RecordLink id={row.id}>{row.name}</RecordLink>,
    },
    { key: "now", title: t("hours.now"), render: (_, row) => <HoursNow row={row} /> },
    { key: "weekly", title: t("hours.weekly"), render: (_, row) => <HoursSummary weekly={row.weekly} /> },
    {
      key: "dates",
      title: t("hours.dates"),
      render: (_, row) => t("hours.datesCount", { count: Object.keys(row.dates).length }),
    },
  ];
  return (
    <RecordsPage<Hours>
      noun="hours"
      icon={Clock}
      resource={hours}
      columns={columns}
      nameOf={(row) => row.name}
      headActions={<HistoryButton kind="hours" />}
      drawer={(row, close) => (
        <Suspense>
          <HoursDrawer row={row} onClose={close} />
        </Suspense>
      )}
    />
  );
}
