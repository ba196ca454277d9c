import { Form, InputNumber } from "antd";
import { useTranslation } from "react-i18next";

interface Props {
  name: string;
  label: string;
  hint?: string;
  min: number;
  max: number;
}

/** A duration in seconds with its bounds told before they are broken. */
export function SecondsField({ name, label, hint, min, max }: Props) {
  const { t } = useTranslation("admin");
  return (
    <Form.Item
      name={name}
      label={label}
      {...(hint !== undefined && { extra: hint })}
      rules={[{ required: true, type: "integer", min, max, message: t("form.range", { min, max }) }]}
    >
      <InputNumber precision={0} suffix={t("form.seconds")} style={{ width: 160 }} />
    </Form.Item>
  );
}
