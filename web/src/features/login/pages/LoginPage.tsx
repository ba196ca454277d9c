import { useQueryClient } from "@tanstack/react-query";
import { getRouteApi, useNavigate } from "@tanstack/react-router";
import { Button, Form, Input } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { api, bodyOf } from "@/api/client";
import { type Session, sessionQuery } from "@/api/session";
import { chooseLanguage } from "@/app/i18n";
import { chooseTheme } from "@/app/theme/theme";
import { ErrorNotice } from "@/ui/ErrorNotice";
import styles from "./LoginPage.module.css";

interface Credentials {
  company: string;
  username: string;
  password: string;
}

const COMPANY_KEY = "zhiyin.company"; // the code last used here
const route = getRouteApi("/login");

export function LoginPage() {
  const { t, i18n } = useTranslation("login");
  const { next } = route.useSearch();
  const navigate = useNavigate();
  const queryClient = useQueryClient();
  const [problem, setProblem] = useState<unknown>(null);
  const [isBusy, setBusy] = useState(false);

  const enter = (session: Session, company: string) => {
    localStorage.setItem(COMPANY_KEY, company);
    queryClient.setQueryData(sessionQuery.queryKey, session);
    const theme = session.user?.theme;
    if (theme === "light" || theme === "dark" || theme === "system") chooseTheme(theme);
    if (session.user?.language) void chooseLanguage(session.user.language);
    void navigate({ to: next ?? "/" });
  };
  const logIn = async (credentials: Credentials) => {
    setBusy(true);
    setProblem(null);
    try {
      enter(await bodyOf(api.POST("/api/session", { body: credentials })), credentials.company);
    } catch (error) {
      setProblem(error);
    } finally {
      setBusy(false);
    }
  };

  const company =
    localStorage.getItem(COMPANY_KEY) ?? queryClient.getQueryData(sessionQuery.queryKey)?.company?.code ?? "";
  return (
    <main className={styles.page}>
      <div className={styles.card}>
        <header className={styles.head}>
          <img src="/favicon.svg" alt="" width={44} height={44} />
          <div>
            <h1 className={styles.title}>{t("title")}</h1>
            <p className={styles.hint}>{t("hint")}</p>
          </div>
        </header>
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
            rules={[{ required: true, message: t("companyMissing") }]}
          >
            <Input autoComplete="organization" autoFocus={company === ""} spellCheck={false} />
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
      </div>
      <Button type="text" onClick={() => void chooseLanguage(i18n.language === "zh" ? "en" : "zh")}>
        {t("otherLanguage")}
      </Button>
    </main>
  );
}
