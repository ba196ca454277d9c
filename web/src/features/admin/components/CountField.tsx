import { Form, InputNumber } from "antd";
import { useTranslation } from "react-i18next";

interface Props {
  name: string;
  label: string;
  hint: string;
  unit: string;
  max: number;
  min?: number;
}

/** A limit: a whole number with its unit. */
export function CountField({ name, label, hint, unit, max, min = 0 }: Props) {
  const { t } = useTranslation("admin");
  return (
    <Form.Item
      name={name}
      label={label}
      extra={hint}
      rules={[{ required: true, type: "integer", min, max, message: t("form.range", { min, max }) }]}
    >
      <InputNumber precision={0} suffix={unit} style={{ width: 160 }} />
    </Form.Item>
  );
}
