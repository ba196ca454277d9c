import { Button, Input, Space } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { makePassword } from "../model/password";

interface Props {
  id?: string;
  value?: string;
  onChange?: (value: string) => void;
}

/** A new password: typed, or made at random and then shown, so that it can be handed over. */
export function PasswordField({ id, value = "", onChange }: Props) {
  const { t } = useTranslation("admin");
  const [isShown, setShown] = useState(false);
  return (
    <Space.Compact block>
      <Input.Password
        {...(id !== undefined && { id })}
        value={value}
        autoComplete="new-password"
        visibilityToggle={{ visible: isShown, onVisibleChange: setShown }}
        onChange={(event) => onChange?.(event.target.value)}
      />
      <Button
        onClick={() => {
          onChange?.(makePassword());
          setShown(true);
        }}
      >
        {t("password.make")}
      </Button>
    </Space.Compact>
  );
}
