import { useQuery, useQueryClient } from "@tanstack/react-query";
import { App, Form, Radio } from "antd";
import { useTranslation } from "react-i18next";
import { formatBytes } from "@/lib/bytes";
import { ErrorNotice } from "@/ui/ErrorNotice";
import { Card, Page } from "@/ui/Page";
import { PageHeader } from "@/ui/PageHeader";
import { CountField } from "../components/CountField";
import { PageSkeleton } from "../components/PageSkeleton";
import { SettingsForm } from "../components/SettingsForm";
import { DueNotice } from "./DueNotice";
import { dueQuery, retentionQuery, saveRetention } from "./queries";
import { StoredFacts } from "./StoredFacts";

interface Values {
  is_limited: boolean;
  days: number;
}

const FIRST_DAYS = 180;
const MOST_DAYS = 36_500;

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
  const initial = { is_limited: keep_days !== null, days: keep_days ?? FIRST_DAYS };
  return (
    <Page width="form">
      <PageHeader title={t("title")} hint={t("hint")} />
      <Card>
        <StoredFacts retention={retention.data} />
        <SettingsForm<Values>
          label={t("title")}
          initial={initial}
          consent={consent}
          save={({ is_limited, days }) => saveRetention(is_limited ? days : null)}
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
                  <CountField
                    name="days"
                    label={t("days")}
                    hint={t("daysHint")}
                    unit={t("unit")}
                    min={1}
                    max={MOST_DAYS}
                  />
                  <DueNotice days={getFieldValue("days")} bytesADay={retention.data.bytes_a_day} />
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
    const due = await client.fetchQuery({ ...dueQuery(days), staleTime: 0 });
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
