import { Button } from "antd";
import { CircleAlert } from "lucide-react";
import { useTranslation } from "react-i18next";
import { problemText } from "@/api/problem-text";
import styles from "./ErrorNotice.module.css";

/** Tells a failed load or action where it happened, with another try where there can be one. */
export function ErrorNotice({ error, onRetry }: { error: unknown; onRetry?: () => void }) {
  const { t } = useTranslation("ui");
  return (
    <div className={styles.notice} role="alert">
      <CircleAlert size={16} aria-hidden />
      <span className={styles.text}>{problemText(error)}</span>
      {onRetry && (
        <Button size="small" onClick={onRetry}>
          {t("retry")}
        </Button>
      )}
    </div>
  );
}
