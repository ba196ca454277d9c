import { Alert, Button } from "antd";
import { useTranslation } from "react-i18next";
import { problemText } from "@/api/problem-text";

/** Tells a failed load or action where it happened, with another try where there can be one. */
export function ErrorNotice({ error, onRetry }: { error: unknown; onRetry?: () => void }) {
  const { t } = useTranslation("ui");
  return (
    <Alert
      type="error"
      showIcon
      title={problemText(error)}
      action={
        onRetry && (
          <Button size="small" onClick={onRetry}>
            {t("retry")}
          </Button>
        )
      }
    />
  );
}
