import { Form, InputNumber, Select } from "antd";
import { useTranslation } from "react-i18next";

const MODES = ["none", "optional", "timed", "extendable", "mandatory"] as const;
type Mode = (typeof MODES)[number];

/** 话后整理: whether it follows, how long it may take, what may lengthen it. Of queues and of calls out alike. */
export function WrapUpFields() {
  const { t } = useTranslation("agent-life");
  const mode = Form.useWatch<Mode | undefined>("wrap_up_mode") ?? "extendable";
  const rules = (min: number, max: number) => [
    { required: true, type: "integer" as const, min, max, message: t("range", { min, max }) },
  ];
  return (
    <>
      <Form.Item name="wrap_up_mode" label={t("wrapUp.mode")} extra={t(`wrapUp.hints.${mode}`)}>
        <Select options={MODES.map((value) => ({ value, label: t(`wrapUp.modes.${value}`) }))} />
      </Form.Item>
      <Form.Item
        name="wrap_up_s"
        label={t("wrapUp.limit")}
        rules={rules(0, 3600)}
        hidden={mode === "none" || mode === "mandatory"}
      >
        <InputNumber precision={0} suffix={t("seconds")} style={{ width: 160 }} />
      </Form.Item>
      <Form.Item
        name="wrap_up_extensions"
        label={t("wrapUp.extensions")}
        rules={rules(1, 20)}
        hidden={mode !== "extendable"}
      >
        <InputNumber precision={0} suffix={t("times")} style={{ width: 160 }} />
      </Form.Item>
      <Form.Item
        name="wrap_up_extension_s"
        label={t("wrapUp.extension")}
        rules={rules(10, 600)}
        hidden={mode !== "extendable"}
      >
        <InputNumber precision={0} suffix={t("seconds")} style={{ width: 160 }} />
      </Form.Item>
    </>
  );
}
