import { Form, InputNumber } from "antd";
import { useTranslation } from "react-i18next";

const FIELDS = [
  { name: "missed_limit", unit: "times", max: 20 },
  { name: "missed_pause_s", unit: "seconds", max: 600 },
  { name: "missed_back_after_s", unit: "seconds", max: 7200 },
] as const;

/** 久振未接: what follows when an agent lets a call ring out. */
export function MissedFields() {
  const { t } = useTranslation("agent-life");
  const limit = Form.useWatch<number | undefined>("missed_limit") ?? 1;
  return FIELDS.map(({ name, unit, max }) => (
    <Form.Item
      key={name}
      name={name}
      label={t(`missed.${name}`)}
      extra={t(`missed.${name}Hint`)}
      hidden={(name === "missed_pause_s" && limit === 1) || (name === "missed_back_after_s" && limit === 0)}
      rules={[{ required: true, type: "integer", min: 0, max, message: t("range", { min: 0, max }) }]}
    >
      <InputNumber precision={0} suffix={t(unit)} style={{ width: 160 }} />
    </Form.Item>
  ));
}
