import { Form, Input, Select } from "antd";
import { useTranslation } from "react-i18next";
import type { InteractionRow } from "@/live/messages";

const PROMPTS = ["all_busy", "closed", "goodbye"] as const;

/** What the caller hears, and why; the reason stands with the contact. */
export function EndFields({ row }: { row: InteractionRow }) {
  const { t } = useTranslation("interventions");
  return (
    <>
      {!row.lacks_customer && (
        <Form.Item name="prompt" label={t("prompt")}>
          <Select
            options={[
              ...PROMPTS.map((value) => ({ value, label: t(`prompts.${value}`) })),
              { value: "", label: t("prompts.none") },
            ]}
          />
        </Form.Item>
      )}
      <Form.Item
        name="reason"
        label={t("reason")}
        rules={[{ required: true, whitespace: true, message: t("giveReason") }]}
      >
        <Input.TextArea autoFocus maxLength={500} showCount rows={3} />
      </Form.Item>
    </>
  );
}
