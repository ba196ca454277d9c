import { useQuery } from "@tanstack/react-query";
import { Form, InputNumber, Radio, Switch } from "antd";
import { useTranslation } from "react-i18next";
import { ErrorNotice } from "@/ui/ErrorNotice";
import { Card, Page } from "@/ui/Page";
import { PageHeader } from "@/ui/PageHeader";
import { PageSkeleton } from "../components/PageSkeleton";
import { SecondsField } from "../components/SecondsField";
import { SettingsForm } from "../components/SettingsForm";
import { ChannelsField } from "./ChannelsField";
import { HistoryButton } from "./HistoryButton";
import { type RoutingPolicy, routingPolicyQuery, saveRoutingPolicy } from "./resources";

const CONTACT_CHOICES = ["priority", "service_objective", "longest_waiting"] as const;

/** Rules of the whole company: which caller a free agent takes first, fairness, inbound only. */
export function RoutingRulesPage() {
  const { t } = useTranslation("routing");
  const policy = useQuery(routingPolicyQuery);
  if (policy.isError)
    return (
      <Page width="form">
        <ErrorNotice error={policy.error} onRetry={() => void policy.refetch()} />
      </Page>
    );
  if (!policy.data) return <PageSkeleton />;
  const count = (name: string, max: number) => (
    <Form.Item
      name={name}
      label={t(`rules.${name}`)}
      extra={t(`rules.${name}Hint`)}
      rules={[{ required: true, type: "integer", min: 0, max }]}
    >
      <InputNumber precision={0} style={{ width: 160 }} />
    </Form.Item>
  );
  return (
    <Page width="form">
      <PageHeader
        title={t("rules.title")}
        hint={t("rules.hint")}
        actions={<HistoryButton kind="routingpolicy" />}
      />
      <Card>
        <SettingsForm<RoutingPolicy>
          key={policy.dataUpdatedAt}
          label={t("rules.title")}
          initial={policy.data}
          save={saveRoutingPolicy}
        >
          <Form.Item name="contact_choice" label={t("rules.contactChoice")}>
            <Radio.Group
              vertical
              options={CONTACT_CHOICES.map((value) => ({ value, label: t(`rules.choices.${value}`) }))}
            />
          </Form.Item>
          <ChannelsField />
          {count("talk_weight_pct", 1000)}
          {count("count_weight_pct", 1000)}
          {count("hard_per_shift", 1000)}
          <SecondsField
            name="hard_gap_s"
            label={t("rules.hard_gap_s")}
            hint={t("rules.hard_gap_sHint")}
            min={0}
            max={86_400}
          />
          <SecondsField
            name="hard_waits_s"
            label={t("rules.hard_waits_s")}
            hint={t("rules.hard_waits_sHint")}
            min={0}
            max={86_400}
          />
          <Form.Item
            name="is_inbound_only"
            label={t("rules.inboundOnly")}
            extra={t("rules.inboundOnlyHint")}
            valuePropName="checked"
          >
            <Switch />
          </Form.Item>
        </SettingsForm>
      </Card>
    </Page>
  );
}
