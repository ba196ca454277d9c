import { useQuery } from "@tanstack/react-query";
import { Form, Input, Radio, Switch } from "antd";
import { useTranslation } from "react-i18next";
import { ErrorNotice } from "@/ui/ErrorNotice";
import { Card, Page } from "@/ui/Page";
import { PageHeader } from "@/ui/PageHeader";
import { PageSkeleton } from "../../components/PageSkeleton";
import { SettingsForm } from "../../components/SettingsForm";
import { type ScreenAddressValues, saveScreenAddress, screenAddressQuery } from "./queries";

/** Which page of another system the desk opens for a contact. */
export function ScreenPopPage() {
  const { t } = useTranslation("integrations");
  const stored = useQuery(screenAddressQuery);
  if (stored.isError)
    return (
      <Page width="form">
        <ErrorNotice error={stored.error} onRetry={() => void stored.refetch()} />
      </Page>
    );
  if (!stored.data) return <PageSkeleton />;
  const { variables, ...initial } = stored.data;
  return (
    <Page width="form">
      <PageHeader title={t("screenPop.title")} hint={t("screenPop.hint")} />
      <Card>
        <SettingsForm<ScreenAddressValues>
          label={t("screenPop.title")}
          initial={initial}
          save={({ template, ...values }) => saveScreenAddress({ ...values, template: template ?? "" })}
        >
          <Form.Item
            name="template"
            label={t("screenPop.template")}
            extra={t("screenPop.templateHint", {
              variables: variables.map((name) => `{${name}}`).join(t("comma")),
              interpolation: { escapeValue: false },
            })}
          >
            <Input.TextArea
              rows={2}
              maxLength={1000}
              spellCheck={false}
              placeholder="https://crm.example.com/#Contact/view/{remote_customer}"
            />
          </Form.Item>
          <Form.Item name="opens" label={t("screenPop.opens")} extra={t("screenPop.tabHint")}>
            <Radio.Group
              vertical
              options={[
                { value: "button", label: t("screenPop.button") },
                { value: "tab", label: t("screenPop.tab") },
              ]}
            />
          </Form.Item>
          <Form.Item
            name="tells_numbers"
            label={t("screenPop.numbers")}
            extra={t("screenPop.numbersHint")}
            valuePropName="checked"
          >
            <Switch />
          </Form.Item>
        </SettingsForm>
      </Card>
    </Page>
  );
}
