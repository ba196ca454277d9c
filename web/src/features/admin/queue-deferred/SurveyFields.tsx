import { useQuery } from "@tanstack/react-query";
import { Checkbox, Form, InputNumber, Select, Switch } from "antd";
import { useTranslation } from "react-i18next";
import { allFlows } from "../model/queries";

const FRESH = { flow: null, share_pct: 100, agents_invite: false, spare_days: 0 };

/** Keeps the whole value in the form, so that switching it off is saved too. */
function Kept() {
  return null;
}

/** Whether who was served is asked how it was, by which flow, and how many of them. */
export function SurveyFields() {
  const { t } = useTranslation("queue-deferred");
  const form = Form.useFormInstance();
  const flows = useQuery(allFlows);
  const published = (flows.data ?? []).filter(({ version }) => version > 0);
  const isOn = Boolean(Form.useWatch("survey", { form, preserve: true }));
  return (
    <Form.Item label={t("survey.title")} extra={t("survey.hint")}>
      <Form.Item name="survey" noStyle>
        <Kept />
      </Form.Item>
      <Switch
        checked={isOn}
        aria-label={t("survey.title")}
        onChange={(isWanted) => form.setFieldValue("survey", isWanted ? FRESH : null)}
      />
      {isOn && (
        <div style={{ marginTop: 12 }}>
          <Form.Item
            name={["survey", "flow"]}
            label={t("survey.flow")}
            rules={[{ required: true, message: t("survey.flowMissing") }]}
          >
            <Select
              loading={flows.isPending}
              notFoundContent={t("survey.none")}
              options={published.map(({ id, name }) => ({ value: id, label: name }))}
            />
          </Form.Item>
          <Form.Item
            name={["survey", "share_pct"]}
            label={t("survey.share_pct")}
            rules={[
              {
                required: true,
                type: "integer",
                min: 0,
                max: 100,
                message: t("range", { min: 0, max: 100 }),
              },
            ]}
          >
            <InputNumber precision={0} suffix="%" style={{ width: 160 }} />
          </Form.Item>
          <Form.Item name={["survey", "agents_invite"]} valuePropName="checked">
            <Checkbox>{t("survey.agents_invite")}</Checkbox>
          </Form.Item>
          <Form.Item
            name={["survey", "spare_days"]}
            label={t("survey.spare_days")}
            extra={t("survey.spareHint")}
            rules={[
              {
                required: true,
                type: "integer",
                min: 0,
                max: 365,
                message: t("range", { min: 0, max: 365 }),
              },
            ]}
          >
            <InputNumber precision={0} suffix={t("survey.days")} style={{ width: 160 }} />
          </Form.Item>
        </div>
      )}
    </Form.Item>
  );
}
