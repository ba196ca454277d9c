import { Button, Form } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { api, bodyOf } from "@/api/client";
import type { Session } from "@/api/session";
import { ErrorNotice } from "@/ui/ErrorNotice";
import { CodeField } from "@/ui/second-factor/CodeField";
import styles from "../pages/LoginPage.module.css";

interface Props {
  onEnter: (session: Session) => void;
  onBack: () => void;
}

/** The code of the authenticator app, or a recovery code. */
export function CodeStep({ onEnter, onBack }: Props) {
  const { t } = useTranslation("login");
  const [problem, setProblem] = useState<unknown>(null);
  const [isBusy, setBusy] = useState(false);
  const enter = async (body: { code: string }) => {
    setBusy(true);
    setProblem(null);
    try {
      onEnter(await bodyOf(api.POST("/api/session/code", { body })));
    } catch (error) {
      setProblem(error);
    } finally {
      setBusy(false);
    }
  };
  return (
    <Form layout="vertical" size="large" requiredMark={false} onFinish={(body) => void enter(body)}>
      <p className={styles.lead}>{t("code.hint")}</p>
      <CodeField takesRecovery />
      {problem !== null && (
        <Form.Item>
          <ErrorNotice error={problem} />
        </Form.Item>
      )}
      <Button type="primary" htmlType="submit" block loading={isBusy}>
        {t("submit")}
      </Button>
      <Button type="link" block onClick={onBack}>
        {t("back")}
      </Button>
    </Form>
  );
}
