import { Form, Input } from "antd";
import { useTranslation } from "react-i18next";

/** The name by which flows know a prompt. */
export function PromptKeyField() {
  const { t } = useTranslation("flows");
  return (
    <Form.Item
      name="key"
      label={t("prompts.key")}
      extra={t("prompts.keyHint")}
      rules={[
        { required: true, message: t("prompts.keyMissing") },
        { pattern: /^[a-z][a-z0-9_]{0,39}$/, message: t("prompts.keyBad") },
      ]}
    >
      <Input maxLength={40} autoFocus spellCheck={false} autoComplete="off" placeholder="main_menu" />
    </Form.Item>
  );
}
