import { Button, Progress, Space, Typography } from "antd";
import { useTranslation } from "react-i18next";
import { ErrorNotice } from "@/ui/ErrorNotice";
import { type Import, stepImport } from "../model/queries";
import { percentDone } from "../model/stage";
import { useImportChange } from "../model/useStep";

/** How far the worker is. Leaving the page does not stop it. */
export function Working({ found }: { found: Import }) {
  const { t, i18n } = useTranslation("exchange");
  const cancel = useImportChange(() => stepImport(found.id, "cancel"));
  const isReading = found.total === 0;
  return (
    <Space orientation="vertical" style={{ width: "100%" }}>
      <Typography.Text strong>
        {t(`working.${found.state as "checking" | "running" | "undoing"}`)}
      </Typography.Text>
      <Progress percent={percentDone(found)} status="active" aria-label={t("working.progress")} />
      <output aria-live="polite">
        <Typography.Text type="secondary">
          {t(isReading ? "working.read" : "working.rows", {
            finished: found.finished.toLocaleString(i18n.language),
            total: found.total.toLocaleString(i18n.language),
          })}
        </Typography.Text>
      </output>
      {found.state !== "undoing" && (
        <Button loading={cancel.isPending} onClick={() => cancel.mutate(undefined)}>
          {t("working.cancel")}
        </Button>
      )}
      {cancel.error && <ErrorNotice error={cancel.error} />}
    </Space>
  );
}
