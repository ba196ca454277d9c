import { useQuery } from "@tanstack/react-query";
import { Alert, Form, InputNumber, Radio } from "antd";
import { useTranslation } from "react-i18next";
import { ErrorNotice } from "@/ui/ErrorNotice";
import { Card, Page } from "@/ui/Page";
import { PageHeader } from "@/ui/PageHeader";
import { PageSkeleton } from "../components/PageSkeleton";
import { SettingsForm } from "../components/SettingsForm";
import { allQueues } from "../model/queries";
import { organisationQuery } from "../organisation/model/queries";
import { HistoryButton } from "../routing/HistoryButton";
import { NoRestTimesField } from "./NoRestTimesField";
import { QuotasField } from "./QuotasField";
import { type RestPolicy, restPolicyQuery, saveRestPolicy } from "./queries";

const APPROVALS = ["none", "list", "lead"] as const;

/** 小休: who may rest when, how many at once, how long a day, and who decides. */
export function RestRulesPage() {
  const { t } = useTranslation("agent-life");
  const policy = useQuery(restPolicyQuery);
  const queues = useQuery(allQueues).data ?? [];
  const teams = useQuery(organisationQuery).data?.teams ?? [];
  if (policy.isError)
    return (
      <Page width="form">
        <ErrorNotice error={policy.error} onRetry={() => void policy.refetch()} />
      </Page>
    );
  if (!policy.data) return <PageSkeleton />;
  const isPlain = policy.data.quotas.length === 0 && policy.data.minutes_per_day === null;
  return (
    <Page width="form">
      <PageHeader
        title={t("rests.title")}
        hint={t("rests.hint")}
        actions={<HistoryButton kind="restpolicy" />}
      />
      <Card>
        {isPlain && policy.data.approval === "none" && (
          <Alert type="info" showIcon title={t("rests.plain")} style={{ marginBottom: 16 }} />
        )}
        <SettingsForm<RestPolicy>
          key={policy.dataUpdatedAt}
          label={t("rests.title")}
          initial={policy.data}
          save={({ minutes_per_day = null, ...values }) => saveRestPolicy({ ...values, minutes_per_day })}
        >
          <Form.Item name="approval" label={t("rests.approval")}>
            <Radio.Group
              vertical
              options={APPROVALS.map((value) => ({ value, label: t(`rests.approvals.${value}`) }))}
            />
          </Form.Item>
          <Form.Item label={t("quotas.title")} extra={t("quotas.hint")}>
            <QuotasField
              teams={teams.map(({ id, name }) => ({ value: id, label: name }))}
              queues={queues.map(({ id, name }) => ({ value: id, label: name }))}
            />
          </Form.Item>
          <Form.Item name="minutes_per_day" label={t("rests.minutes")} extra={t("rests.minutesHint")}>
            <InputNumber
              min={1}
              max={720}
              precision={0}
              suffix={t("minutes")}
              placeholder={t("rests.noLimit")}
              style={{ width: 160 }}
            />
          </Form.Item>
          <Form.Item label={t("noRest.title")} extra={t("noRest.hint")}>
            <NoRestTimesField />
          </Form.Item>
        </SettingsForm>
      </Card>
    </Page>
  );
}
