import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { Alert, Form, Input, InputNumber, Select, Switch } from "antd";
import { useTranslation } from "react-i18next";
import type { Schema } from "@/api/client";
import { ErrorNotice } from "@/ui/ErrorNotice";
import { Card, Page } from "@/ui/Page";
import { PageHeader } from "@/ui/PageHeader";
import { WrapUpFields } from "../agent-life/WrapUpFields";
import { CountField } from "../components/CountField";
import { PageSkeleton } from "../components/PageSkeleton";
import { SettingsForm } from "../components/SettingsForm";
import { allTrunks, outboundQuery, saveOutbound } from "../model/queries";

const PREFIX = /^\+?[0-9]{1,18}$/;

/** Minutes a day for the whole company; an empty field is no cap. */
const CAPS = [
  "max_minutes_per_day",
  "max_international_minutes_per_day",
  "max_premium_minutes_per_day",
] as const;

/** Which numbers agents may call, over which trunks, and how many at a time: the defence against toll fraud. */
export function OutboundPage() {
  const { t } = useTranslation("admin");
  const policy = useQuery(outboundQuery);
  const trunks = useQuery(allTrunks);
  if (policy.isError)
    return (
      <Page width="form">
        <ErrorNotice error={policy.error} onRetry={() => void policy.refetch()} />
      </Page>
    );
  if (!policy.data) return <PageSkeleton />;
  const checkPrefixes = (_: unknown, prefixes: string[]) =>
    prefixes.every((prefix) => PREFIX.test(prefix))
      ? Promise.resolve()
      : Promise.reject(new Error(t("outbound.prefixBad")));
  return (
    <Page width="form">
      <PageHeader title={t("outbound.title")} hint={t("outbound.hint")} />
      <Card>
        <SettingsForm<Schema<"OutboundIn">>
          label={t("outbound.title")}
          initial={policy.data}
          save={saveOutbound}
        >
          <Form.Item name="trunks" label={t("outbound.trunks")} extra={t("outbound.trunksHint")}>
            <Select
              mode="multiple"
              optionFilterProp="label"
              loading={trunks.isPending}
              notFoundContent={<Link to={"/admin/trunks" as string}>{t("outbound.noTrunk")}</Link>}
              options={(trunks.data ?? []).map(({ id, name }) => ({ value: id, label: name }))}
            />
          </Form.Item>
          <Form.Item
            name="allowed_prefixes"
            label={t("outbound.allowed")}
            extra={t("outbound.allowedHint")}
            rules={[{ validator: checkPrefixes }]}
          >
            <Select mode="tags" open={false} suffixIcon={null} tokenSeparators={[",", " ", "\n"]} />
          </Form.Item>
          <Form.Item
            name="denied_prefixes"
            label={t("outbound.denied")}
            extra={t("outbound.deniedHint")}
            rules={[{ validator: checkPrefixes }]}
          >
            <Select mode="tags" open={false} suffixIcon={null} tokenSeparators={[",", " ", "\n"]} />
          </Form.Item>
          <Form.Item>
            <Alert type="info" showIcon title={t("outbound.emergency")} />
          </Form.Item>
          <Form.Item
            name="caller_number"
            label={t("outbound.callerNumber")}
            extra={t("outbound.callerNumberHint")}
            rules={[{ pattern: /^(\+?[0-9][0-9 -]*)?$/, message: t("form.badNumber") }]}
          >
            <Input maxLength={32} inputMode="tel" style={{ width: 240 }} />
          </Form.Item>
          <CountField
            name="max_concurrent"
            label={t("outbound.maxConcurrent")}
            hint={t("outbound.maxConcurrentHint")}
            unit={t("form.calls")}
            max={10_000}
          />
          <CountField
            name="max_per_hour_per_agent"
            label={t("outbound.maxPerHour")}
            hint={t("outbound.maxPerHourHint")}
            unit={t("form.calls")}
            max={10_000}
          />
          {CAPS.map((name) => (
            <Form.Item key={name} name={name} label={t(`outbound.${name}`)} extra={t(`outbound.${name}Hint`)}>
              <InputNumber
                min={0}
                max={1_000_000}
                precision={0}
                placeholder={t("outbound.noCap")}
                suffix={t("outbound.minutes")}
                style={{ width: 200 }}
              />
            </Form.Item>
          ))}
          <WrapUpFields />
          <Form.Item
            name="is_recorded"
            label={t("queues.recorded")}
            extra={t("outbound.recordedHint")}
            valuePropName="checked"
          >
            <Switch />
          </Form.Item>
          <Form.Item
            name="is_internal_recorded"
            label={t("outbound.internalRecorded")}
            extra={t("outbound.internalRecordedHint")}
            valuePropName="checked"
          >
            <Switch />
          </Form.Item>
        </SettingsForm>
      </Card>
    </Page>
  );
}
