import { Button, Form, Input } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { api, bodyOf, type Schema } from "@/api/client";
import type { Session } from "@/api/session";
import { ErrorNotice } from "@/ui/ErrorNotice";

type Credentials = Schema<"LoginIn">;

interface Props {
  company: string;
  /** Only this company is asked for here. */
  isCompanyFixed?: boolean;
  /** the company code as far as it is typed, told when the field is left */
  onCompany?: (company: string) => void;
  onAnswer: (session: Session, company: string) => void;
}

/** Who it is: company, user name and password. */
export function PasswordStep({ company, isCompanyFixed = false, onCompany, onAnswer }: Props) {
  const { t } = useTranslation("login");
  const [problem, setProblem] = useState<unknown>(null);
  const [isBusy, setBusy] = useState(false);
  const logIn = async (credentials: Credentials) => {
    setBusy(true);
    setProblem(null);
    try {
      onAnswer(await bodyOf(api.POST("/api/session", { body: credentials })), credentials.company);
    } catch (error) {
      setProblem(error);
    } finally {
      setBusy(false);
    }
  };
  return (
    <Form<Credentials>
      layout="vertical"
      size="large"
      requiredMark={false}
      initialValues={{ company }}
      onFinish={(credentials) => void logIn(credentials)}
    >
      <Form.Item
        name="company"
        label={t("company")}
        hidden={isCompanyFixed}
        rules={[{ required: true, message: t("companyMissing") }]}
      >
        <Input
          autoComplete="organization"
          autoFocus={company === ""}
          spellCheck={false}
          onBlur={(event) => onCompany?.(event.target.value.trim())}
        />
      </Form.Item>
      <Form.Item
        name="username"
        label={t("username")}
        rules={[{ required: true, message: t("usernameMissing") }]}
      >
        <Input autoComplete="username" autoFocus={company !== ""} spellCheck={false} />
      </Form.Item>
      <Form.Item
        name="password"
        label={t("password")}
        rules={[{ required: true, message: t("passwordMissing") }]}
      >
        <Input.Password autoComplete="current-password" />
      </Form.Item>
      {problem !== null && (
        <Form.Item>
          <ErrorNotice error={problem} />
        </Form.Item>
      )}
      <Button type="primary" htmlType="submit" block loading={isBusy}>
        {t("submit")}
      </Button>
    </Form>
  );
}
