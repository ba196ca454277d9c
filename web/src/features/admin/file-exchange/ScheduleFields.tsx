import { Form, Radio, Select, Space, TimePicker } from "antd";
import dayjs from "dayjs";
import { useTranslation } from "react-i18next";

const EVERY = ["hourly", "daily", "weekly"] as const;
const DAYS = [0, 1, 2, 3, 4, 5, 6] as const;

/** When, on the company's clock. */
export function ScheduleFields() {
  const { t } = useTranslation("file-exchange");
  return (
    <Form.Item label={t("plan.when")} extra={t("plan.whenHint")} required>
      <Space wrap>
        <Form.Item name="every" noStyle>
          <Radio.Group
            optionType="button"
            aria-label={t("plan.when")}
            options={EVERY.map((value) => ({ value, label: t(`every.${value}`) }))}
          />
        </Form.Item>
        <Form.Item noStyle dependencies={["every"]}>
          {({ getFieldValue }) =>
            getFieldValue("every") === "weekly" && (
              <Form.Item name="weekday" noStyle>
                <Select
                  aria-label={t("plan.day")}
                  style={{ width: 130 }}
                  options={DAYS.map((value) => ({ value, label: t(`days.${value}`) }))}
                />
              </Form.Item>
            )
          }
        </Form.Item>
        <Form.Item
          name="at"
          noStyle
          getValueProps={(clock: string) => ({ value: clock ? dayjs(`2000-01-01T${clock}`) : null })}
          getValueFromEvent={(at: dayjs.Dayjs | null) => at?.format("HH:mm") ?? "00:00"}
        >
          <TimePicker format="HH:mm" aria-label={t("plan.at")} allowClear={false} needConfirm={false} />
        </Form.Item>
      </Space>
    </Form.Item>
  );
}
