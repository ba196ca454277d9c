import { App, Form } from "antd";
import { useTranslation } from "react-i18next";
import { FormDrawer } from "@/ui/FormDrawer";
import { setUserPassword, type User } from "../model/api";
import { PasswordField } from "./PasswordField";

interface Props {
  user: User;
  onClose: () => void;
  onDone: (password: string) => void;
}

/** Give a user a new password. */
export function PasswordReset({ user, onClose, onDone }: Props) {
  const { t } = useTranslation("admin");
  const { message } = App.useApp();
  return (
    <FormDrawer<{ password: string }>
      title={t("password.resetTitle", { name: user.name })}
      isOpen
      initial={{}}
      submitLabel={t("password.set")}
      onClose={onClose}
      onSubmit={async ({ password }) => {
        await setUserPassword(user.id, password);
        message.success(t("password.wasSet"));
        onDone(password);
      }}
    >
      <p style={{ marginBottom: 16 }}>{t("password.resetHint")}</p>
      <Form.Item
        name="password"
        label={t("password.new")}
        rules={[{ required: true, min: 8, message: t("password.short") }]}
      >
        <PasswordField />
      </Form.Item>
    </FormDrawer>
  );
}
