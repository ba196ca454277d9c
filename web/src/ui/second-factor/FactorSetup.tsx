import { Button, Form, QRCode } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { Schema } from "@/api/client";
import { ErrorNotice } from "@/ui/ErrorNotice";
import { CodeField } from "./CodeField";
import styles from "./SecondFactor.module.css";

interface Props {
  setup: Schema<"FactorSetupOut">;
  onConfirm: (code: string) => Promise<void>;
}

const SIZE = 176;

/** Scan the QR code (or type the key), then give the first code. The picture is drawn here, by nobody else. */
export function FactorSetup({ setup, onConfirm }: Props) {
  const { t } = useTranslation("second-factor");
  const [problem, setProblem] = useState<unknown>(null);
  const [isBusy, setBusy] = useState(false);
  const confirm = async ({ code }: { code: string }) => {
    setBusy(true);
    setProblem(null);
    try {
      await onConfirm(code);
    } catch (error) {
      setProblem(error);
    } finally {
      setBusy(false);
    }
  };
  return (
    <div className={styles.setup}>
      <ol className={styles.steps}>
        <li>{t("app")}</li>
        <li>
          {t("scan")}
          <div className={styles.picture} role="img" aria-label={t("picture")}>
            <QRCode value={setup.address} size={SIZE} color="#000000" bgColor="#ffffff" type="svg" />
          </div>
          <p className={styles.key}>
            {t("key")} <code>{setup.secret.replace(/(.{4})(?=.)/g, "$1 ")}</code>
          </p>
        </li>
        <li>{t("confirm")}</li>
      </ol>
      <Form layout="vertical" requiredMark={false} onFinish={(values) => void confirm(values)}>
        <CodeField />
        {problem !== null && (
          <Form.Item>
            <ErrorNotice error={problem} />
          </Form.Item>
        )}
        <Button type="primary" htmlType="submit" loading={isBusy}>
          {t("turnOn")}
        </Button>
      </Form>
    </div>
  );
}
