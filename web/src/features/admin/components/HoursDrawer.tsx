import { App, Button, Form, Input, Select, Upload } from "antd";
import { FileUp } from "lucide-react";
import { useTranslation } from "react-i18next";
import { problemText } from "@/api/problem-text";
import { useTimeZone } from "@/api/session";
import { type Hours, hours, importDays } from "../model/api";
import { timeZones } from "../model/company";
import { findSpanProblem, officeWeek, type SpecialDays, type Weekly } from "../model/hours";
import { useSettingsChanged } from "../model/queries";
import { readTable } from "../model/table-file";
import { DatesField } from "./DatesField";
import { MonthPreview } from "./MonthPreview";
import { RecordDrawer } from "./RecordDrawer";
import { WeeklyField } from "./WeeklyField";

interface Values {
  name: string;
  time_zone?: string;
  weekly: Weekly;
  days: SpecialDays;
}

const FRESH = { weekly: officeWeek(), days: { dates: {}, names: {} } } satisfies Partial<Values>;

/** Make or change a calendar: the week, the days that differ, and how a month comes out. */
export function HoursDrawer({ row, onClose }: { row: Hours | null; onClose: () => void }) {
  const { t } = useTranslation("admin");
  const { message } = App.useApp();
  const zone = useTimeZone();
  const changed = useSettingsChanged();
  const check = (days: readonly (readonly [string, string][])[]) =>
    days.some((spans) => findSpanProblem(spans) !== null)
      ? Promise.reject(new Error(t("hours.incomplete")))
      : Promise.resolve();
  const save = ({ name, time_zone = "", weekly, days: { dates, names } }: Values) => {
    const named = Object.fromEntries(Object.entries(names).filter(([day, called]) => day in dates && called));
    const body = { name, time_zone, weekly, dates, names: named };
    return row ? hours.change(row.id, body) : hours.create(body);
  };
  return (
    <RecordDrawer<Values>
      key={row?.id ?? "new"}
      title={row ? row.name : t("hours.add")}
      width={760}
      initial={row ? { ...row, days: { dates: row.dates, names: row.names } } : FRESH}
      save={save}
      onClose={onClose}
    >
      {(form) => {
        const bring = async (file: Blob) => {
          if (!row) return;
          try {
            const { dates, names } = await importDays(row.id, await readTable(file));
            form.setFieldValue("days", { dates, names });
            message.success(t("hours.imported"));
            await changed();
          } catch (error) {
            message.error(problemText(error));
          }
        };
        return (
          <>
            <Form.Item
              name="name"
              label={t("hours.name")}
              rules={[{ required: true, message: t("form.required") }]}
            >
              <Input maxLength={60} autoFocus={!row} placeholder={t("hours.nameExample")} />
            </Form.Item>
            <Form.Item
              name="time_zone"
              label={t("hours.zone")}
              extra={t("hours.zoneHint")}
              getValueProps={(value: string | undefined) => ({ value: value || undefined })}
            >
              <Select
                allowClear
                showSearch
                placeholder={t("hours.zoneCompany", { zone })}
                options={timeZones("").map((each) => ({ value: each, label: each }))}
              />
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
            <Form.Item
              name="days"
              validateStatus=""
              label={t("hours.dates")}
              extra={t("hours.datesHint")}
              rules={[{ validator: (_, { dates }: SpecialDays) => check(Object.values(dates)) }]}
            >
              <DatesField />
            </Form.Item>
            {row && (
              <Form.Item extra={t("hours.importHint")}>
                <Upload
                  accept=".csv,.txt,text/csv"
                  showUploadList={false}
                  beforeUpload={(file) => {
                    void bring(file);
                    return false;
                  }}
                >
                  <Button icon={<FileUp size={16} />}>{t("hours.import")}</Button>
                </Upload>
              </Form.Item>
            )}
            <Form.Item label={t("hours.preview")} shouldUpdate>
              {({ getFieldValue }) => (
                <MonthPreview
                  weekly={getFieldValue("weekly") as Weekly}
                  days={getFieldValue("days") as SpecialDays}
                />
              )}
            </Form.Item>
          </>
        );
      }}
    </RecordDrawer>
  );
}
