import { useQuery } from "@tanstack/react-query";
import { Form, Select, Switch } from "antd";
import { useTranslation } from "react-i18next";
import { ErrorNotice } from "@/ui/ErrorNotice";
import { Card, Page } from "@/ui/Page";
import { PageHeader } from "@/ui/PageHeader";
import { PageSkeleton } from "../components/PageSkeleton";
import { SettingsForm } from "../components/SettingsForm";
import { allUsers } from "../model/queries";
import { toUserOptions } from "../model/user-options";
import { rolesQuery } from "../roles/model/queries";
import { ProvidersCard } from "./ProvidersCard";
import { type Policy, policyQuery, savePolicy } from "./queries";

/** What the company demands when its people log in, and where else they may do it. */
export function SignInPage() {
  const { t } = useTranslation("sign-in");
  const policy = useQuery(policyQuery);
  const roles = useQuery(rolesQuery).data ?? [];
  const users = useQuery(allUsers).data ?? [];
  if (policy.isError)
    return (
      <Page width="form">
        <ErrorNotice error={policy.error} onRetry={() => void policy.refetch()} />
      </Page>
    );
  if (!policy.data) return <PageSkeleton />;
  const keepers = users.filter(({ role }) => role === "administrator");
  return (
    <Page width="form">
      <PageHeader title={t("title")} hint={t("hint")} />
      <Card title={t("factor.title")}>
        <SettingsForm<Policy>
          label={t("factor.title")}
          initial={policy.data}
          save={(values) => savePolicy({ ...values, break_glass: values.break_glass ?? null })}
        >
          <Form.Item name="second_factor_roles" label={t("factor.roles")} extra={t("factor.rolesHint")}>
            <Select
              mode="multiple"
              allowClear
              placeholder={t("factor.nobody")}
              options={roles.map(({ code, name }) => ({ value: code, label: name }))}
              showSearch={{ optionFilterProp: "label" }}
            />
          </Form.Item>
          <Form.Item
            name="is_sso_only"
            label={t("factor.ssoOnly")}
            extra={t("factor.ssoOnlyHint")}
            valuePropName="checked"
          >
            <Switch />
          </Form.Item>
          <Form.Item noStyle dependencies={["is_sso_only"]}>
            {({ getFieldValue }) => (
              <Form.Item
                name="break_glass"
                label={t("factor.breakGlass")}
                extra={t("factor.breakGlassHint")}
                hidden={!getFieldValue("is_sso_only")}
              >
                <Select allowClear options={toUserOptions(keepers)} />
              </Form.Item>
            )}
          </Form.Item>
        </SettingsForm>
      </Card>
      <ProvidersCard />
    </Page>
  );
}
