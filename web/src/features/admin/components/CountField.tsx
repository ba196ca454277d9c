import { Form, InputNumber } from "antd";
import { useTranslation } from "react-i18next";

interface Props {
  name: string;
  label: string;
  hint: string;
  unit: string;
  max: number;
}

/** A limit: a whole number from 0, with its unit. */
export function CountField({ name, label, hint, unit, max }: Props) {
  const { t } = useTranslation("admin");
  return (
    <Form.Item
      name={name}
      label={label}
      extra={hint}
      rules={[{ required: true, type: "integer", min: 0, max, message: t("form.range", { min: 0, max }) }]}
    >
      <InputNumber precision={0} suffix={unit} style={{ width: 160 }} />
    </Form.Item>
  );
}
