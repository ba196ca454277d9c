import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { App, Button, Form, InputNumber, Select } from "antd";
import { useTranslation } from "react-i18next";
import { problemText } from "@/api/problem-text";
import { ErrorNotice } from "@/ui/ErrorNotice";
import { Card } from "@/ui/Page";
import { type ExportPolicy, exportPolicyQuery, saveExportPolicy } from "./queries";

const LIMITS = [
  ["rows_at_once", "at_once", 20_000],
  ["rows_per_export", "per_export", 1_000_000],
  ["rows_per_day", "per_day", 100_000_000],
  ["keep_hours", "keep", 720],
] as const;

/** How much may leave as a file, who decides beyond that, and what a file says. */
export function ExportPolicyForm() {
  const { t } = useTranslation(["exchange", "ui"]);
  const { message } = App.useApp();
  const client = useQueryClient();
  const policy = useQuery(exportPolicyQuery);
  const save = useMutation({
    mutationFn: saveExportPolicy,
    onSuccess: (saved) => {
      client.setQueryData(exportPolicyQuery.queryKey, saved);
      void message.success(t("exports.policy.saved"));
    },
    onError: (error) => message.error(problemText(error)),
  });
  if (policy.error) return <ErrorNotice error={policy.error} onRetry={() => void policy.refetch()} />;
  if (!policy.data) return <Card title={t("exports.policy.title")}>{null}</Card>;
  return (
    <Card title={t("exports.policy.title")}>
      <Form<ExportPolicy>
        layout="inline"
        initialValues={policy.data}
        onFinish={(values) => save.mutate(values)}
        aria-label={t("exports.policy.title")}
        style={{ rowGap: 12 }}
      >
        {LIMITS.map(([name, label, most]) => (
          <Form.Item
            key={name}
            name={name}
            label={t(`exports.policy.${label}`)}
            rules={[{ required: true, message: t("exports.policy.range", { most }) }]}
          >
            <InputNumber min={1} max={most} precision={0} style={{ width: 120 }} />
          </Form.Item>
        ))}
        <Form.Item name="over_limit" label={t("exports.policy.over")}>
          <Select
            style={{ width: 210 }}
            options={(["approve", "refuse"] as const).map((value) => ({
              value,
              label: t(`exports.policy.over_${value}`),
            }))}
          />
        </Form.Item>
        <Form.Item name="watermark" label={t("exports.policy.watermark")}>
          <Select
            style={{ width: 190 }}
            options={(["none", "line", "column"] as const).map((value) => ({
              value,
              label: t(`exports.policy.mark_${value}`),
            }))}
          />
        </Form.Item>
        <Button type="primary" htmlType="submit" loading={save.isPending}>
          {t("ui:save")}
        </Button>
      </Form>
    </Card>
  );
}
