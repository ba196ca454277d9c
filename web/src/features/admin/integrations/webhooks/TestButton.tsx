import { useMutation } from "@tanstack/react-query";
import { Button, Space } from "antd";
import { useTranslation } from "react-i18next";
import { problemText } from "@/api/problem-text";
import { StatusTag } from "@/ui/StatusTag";
import { type Tried, testWebhook, type Webhook } from "./api";

/** Sends a test event now and says what came back. */
export function TestButton({ webhook }: { webhook: Webhook }) {
  const { t } = useTranslation("integrations");
  const test = useMutation({ mutationFn: () => testWebhook(webhook.id) });
  return (
    <Space size="small" wrap>
      <Button
        size="small"
        loading={test.isPending}
        aria-label={t("webhooks.testNamed", { name: webhook.name })}
        onClick={() => test.mutate()}
      >
        {t("test")}
      </Button>
      <output aria-live="polite">
        {test.isError && problemText(test.error)}
        {test.data && <Outcome tried={test.data} />}
      </output>
    </Space>
  );
}

function Outcome({ tried }: { tried: Tried }) {
  const { t } = useTranslation("integrations");
  if (tried.status === null)
    return (
      <StatusTag tone="break">
        {t(`errors.${tried.error as "late"}`, { defaultValue: tried.error })}
      </StatusTag>
    );
  return (
    <StatusTag tone={tried.is_taken ? "ready" : "break"}>
      {t("webhooks.answered", { status: tried.status, ms: tried.duration_ms })}
    </StatusTag>
  );
}
