import { Form, Input } from "antd";
import { useTranslation } from "react-i18next";

/** The six digits of the app; with `takesRecovery` also a recovery code, so the keyboard must have letters. */
export function CodeField({ takesRecovery = false }: { takesRecovery?: boolean }) {
  const { t } = useTranslation("second-factor");
  return (
    <Form.Item
      name="code"
      label={t(takesRecovery ? "recoveryCode" : "code")}
      rules={[{ required: true, message: t("codeMissing") }]}
    >
      <Input
        autoFocus
        autoComplete="one-time-code"
        inputMode={takesRecovery ? "text" : "numeric"}
        maxLength={takesRecovery ? 20 : 7}
        spellCheck={false}
        style={{ maxWidth: 240 }}
      />
    </Form.Item>
  );
}
