import { useQuery } from "@tanstack/react-query";
import { Form, Select } from "antd";
import { useTranslation } from "react-i18next";
import { ErrorNotice } from "@/ui/ErrorNotice";
import { Card, Page } from "@/ui/Page";
import { PageHeader } from "@/ui/PageHeader";
import { PageSkeleton } from "../components/PageSkeleton";
import { SettingsForm } from "../components/SettingsForm";
import { rolesQuery } from "../roles/model/queries";
import { type Policy, policyQuery, savePolicy } from "./queries";

/** What the company demands when its people log in. */
export function SignInPage() {
  const { t } = useTranslation("sign-in");
  const policy = useQuery(policyQuery);
  const roles = useQuery(rolesQuery).data ?? [];
  if (policy.isError)
    return (
      <Page width="form">
        <ErrorNotice error={policy.error} onRetry={() => void policy.refetch()} />
      </Page>
    );
  if (!policy.data) return <PageSkeleton />;
  return (
    <Page width="form">
      <PageHeader title={t("title")} hint={t("hint")} />
      <Card title={t("factor.title")}>
        <SettingsForm<Policy> label={t("factor.title")} initial={policy.data} save={savePolicy}>
          <Form.Item name="second_factor_roles" label={t("factor.roles")} extra={t("factor.rolesHint")}>
            <Select
              mode="multiple"
              allowClear
              placeholder={t("factor.nobody")}
              options={roles.map(({ code, name }) => ({ value: code, label: name }))}
              showSearch={{ optionFilterProp: "label" }}
            />
          </Form.Item>
        </SettingsForm>
      </Card>
    </Page>
  );
}
