import { Checkbox, Form, Input, InputNumber, Select } from "antd";
import { useTranslation } from "react-i18next";
import type { CareOptions } from "../model/queries";
import styles from "./Fields.module.css";
import { useChoices } from "./useChoices";

const HOWS = ["call", "visit", "mail", "wechat", "sms", "other"] as const;
const PURPOSES = ["service", "marketing", "survey"] as const;
const ASSIGNMENTS = ["owner", "turns", "pool"] as const;

/** What is done, when in the day, with which words, by whom, and how many in a day. */
export function TaskFields({ options }: { options: CareOptions | undefined }) {
  const { t } = useTranslation("care");
  const choices = useChoices();
  return (
    <>
      <Form.Item
        name="subject"
        label={t("field.subject")}
        rules={[{ required: true, whitespace: true, message: t("required") }]}
      >
        <Input maxLength={200} placeholder={t("field.subjectExample")} />
      </Form.Item>
      <Form.Item name="script" label={t("field.script")} extra={t("field.scriptHint")}>
        <Input.TextArea rows={3} maxLength={5000} />
      </Form.Item>
      <div className={styles.row}>
        <Form.Item name="how" label={t("field.how")}>
          <Select options={HOWS.map((value) => ({ value, label: t(`how.${value}`) }))} />
        </Form.Item>
        <Form.Item name="max_attempts" label={t("field.attempts")}>
          <InputNumber min={1} max={20} precision={0} style={{ width: "100%" }} />
        </Form.Item>
        <Form.Item name="from_time" label={t("field.from")}>
          <Input type="time" />
        </Form.Item>
        <Form.Item name="until_time" label={t("field.until")}>
          <Input type="time" />
        </Form.Item>
        <Form.Item name="assignment" label={t("field.assignment")}>
          <Select options={ASSIGNMENTS.map((value) => ({ value, label: t(`assignment.${value}`) }))} />
        </Form.Item>
        <Form.Item name="team_id" label={t("field.team")}>
          <Select allowClear placeholder={t("nobody")} options={choices<number>(options?.teams)} />
        </Form.Item>
        <Form.Item name="daily_limit" label={t("field.limit")} extra={t("field.limitHint")}>
          <InputNumber min={1} max={10000} precision={0} style={{ width: "100%" }} />
        </Form.Item>
        <Form.Item name="purpose" label={t("field.purpose")} extra={t("field.purposeHint")}>
          <Select options={PURPOSES.map((value) => ({ value, label: t(`purpose.${value}`) }))} />
        </Form.Item>
      </div>
      <Form.Item name="needs_consent" valuePropName="checked">
        <Checkbox>{t("field.consent")}</Checkbox>
      </Form.Item>
    </>
  );
}
