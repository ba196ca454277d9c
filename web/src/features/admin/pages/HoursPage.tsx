import { Form, Input, type TableProps } from "antd";
import { Clock } from "lucide-react";
import { lazy, Suspense } from "react";
import { useTranslation } from "react-i18next";
import { HoursSummary } from "../components/HoursSummary";
import { RecordDrawer } from "../components/RecordDrawer";
import { RecordLink } from "../components/RecordLink";
import { RecordsPage } from "../components/RecordsPage";
import { WeeklyField } from "../components/WeeklyField";
import { type Hours, hours } from "../model/api";
import { type Dates, findSpanProblem, officeWeek, type Weekly } from "../model/hours";

const DatesField = lazy(async () => ({ default: (await import("../components/DatesField")).DatesField }));

interface Values {
  name: string;
  weekly: Weekly;
  dates: Dates;
}

/** When the company is open: the week, and the days that differ. */
export function HoursPage() {
  const { t } = useTranslation("admin");
  const columns: NonNullable<TableProps<Hours>["columns"]> = [
    {
      key: "name",
      title: t("hours.name"),
      sorter: true,
      render: (_, row) => <RecordLink id={row.id}>{row.name}</RecordLink>,
    },
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
      drawer={(row, close) => <HoursDrawer row={row} onClose={close} />}
    />
  );
}

function HoursDrawer({ row, onClose }: { row: Hours | null; onClose: () => void }) {
  const { t } = useTranslation("admin");
  const check = (days: readonly (readonly [string, string][])[]) =>
    days.some((spans) => findSpanProblem(spans) !== null)
      ? Promise.reject(new Error(t("hours.incomplete")))
      : Promise.resolve();
  return (
    <RecordDrawer<Values>
      key={row?.id ?? "new"}
      title={row ? row.name : t("hours.add")}
      width={640}
      initial={row ?? { weekly: officeWeek(), dates: {} }}
      save={(values) => (row ? hours.change(row.id, values) : hours.create(values))}
      onClose={onClose}
    >
      <Form.Item
        name="name"
        label={t("hours.name")}
        rules={[{ required: true, message: t("form.required") }]}
      >
        <Input maxLength={60} autoFocus={!row} placeholder={t("hours.nameExample")} />
      </Form.Item>
      <Form.Item
        name="weekly"
        validateStatus=""
        label={t("hours.weekly")}
        extra={t("hours.weeklyHint")}
        rules={[{ validator: (_, weekly: Weekly) => check(weekly) }]}
      >
        <WeeklyField />
      </Form.Item>
      <Suspense>
        <Form.Item
          name="dates"
          validateStatus=""
          label={t("hours.dates")}
          extra={t("hours.datesHint")}
          rules={[{ validator: (_, dates: Dates) => check(Object.values(dates)) }]}
        >
          <DatesField />
        </Form.Item>
      </Suspense>
    </RecordDrawer>
  );
}
