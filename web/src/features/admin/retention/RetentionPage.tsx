import { useQuery, useQueryClient } from "@tanstack/react-query";
import { App, Form, Input, Radio } from "antd";
import { useTranslation } from "react-i18next";
import { formatBytes } from "@/lib/bytes";
import { ErrorNotice } from "@/ui/ErrorNotice";
import { Card, Page } from "@/ui/Page";
import { PageHeader } from "@/ui/PageHeader";
import { PageSkeleton } from "../components/PageSkeleton";
import { SettingsForm } from "../components/SettingsForm";
import { DueNotice } from "./DueNotice";
import { dueQuery, retentionQuery, saveRetention } from "./queries";
import { StoredFacts } from "./StoredFacts";

interface Values {
  is_limited: boolean;
  days: string;
}

const FIRST_DAYS = 180;
/** From 1 to 36500, as the server takes it. */
const WHOLE_DAYS = /^(?:[1-9]\d{0,3}|[12]\d{4}|3[0-5]\d{3}|36[0-4]\d{2}|36500)$/;

/** For how long recordings are kept. What a period would delete is shown before, and asked for again when saving. */
export function RetentionPage() {
  const { t } = useTranslation("retention");
  const retention = useQuery(retentionQuery);
  const consent = useConsent();
  if (retention.isError)
    return (
      <Page width="form">
        <ErrorNotice error={retention.error} onRetry={() => void retention.refetch()} />
      </Page>
    );
  if (!retention.data) return <PageSkeleton />;
  const { keep_days } = retention.data;
  const initial = { is_limited: keep_days !== null, days: String(keep_days ?? FIRST_DAYS) };
  return (
    <Page width="form">
      <PageHeader title={t("title")} hint={t("hint")} />
      <Card>
        <StoredFacts retention={retention.data} />
        <SettingsForm<Values>
          label={t("title")}
          initial={initial}
          consent={consent}
          save={({ is_limited, days }) => saveRetention(is_limited ? Number(days) : null)}
        >
          <Form.Item name="is_limited" label={t("period")}>
            <Radio.Group
              options={[
                { value: false, label: t("forever") },
                { value: true, label: t("limited") },
              ]}
            />
          </Form.Item>
          <Form.Item noStyle dependencies={["is_limited", "days"]}>
            {({ getFieldValue }) =>
              getFieldValue("is_limited") && (
                <>
                  <Form.Item
                    name="days"
                    label={t("days")}
                    extra={t("daysHint")}
                    rules={[{ required: true, pattern: WHOLE_DAYS, message: t("range") }]}
                  >
                    <Input inputMode="numeric" maxLength={5} suffix={t("unit")} style={{ width: 160 }} />
                  </Form.Item>
                  <DueNotice
                    days={WHOLE_DAYS.test(getFieldValue("days")) ? Number(getFieldValue("days")) : null}
                    bytesADay={retention.data.bytes_a_day}
                  />
                </>
              )
            }
          </Form.Item>
        </SettingsForm>
      </Card>
    </Page>
  );
}

/** Ask before anything is deleted; nothing due needs no question. */
function useConsent(): (values: Values) => Promise<boolean> {
  const { t } = useTranslation("retention");
  const { modal } = App.useApp();
  const client = useQueryClient();
  return async ({ is_limited, days }) => {
    if (!is_limited) return true;
    const due = await client.fetchQuery({ ...dueQuery(Number(days)), staleTime: 0 });
    if (due.recordings === 0) return true;
    return modal.confirm({
      title: t("sure", { count: due.recordings, size: formatBytes(due.size_bytes) }),
      content: t("sureHint"),
      okText: t("yes"),
      okButtonProps: { danger: true },
      cancelText: t("no"),
    });
  };
}
