import { useQuery, useQueryClient } from "@tanstack/react-query";
import { Form, Input, Radio, Select, Switch } from "antd";
import { useTranslation } from "react-i18next";
import { sessionQuery } from "@/api/session";
import { ErrorNotice } from "@/ui/ErrorNotice";
import { Card, Page } from "@/ui/Page";
import { PageHeader } from "@/ui/PageHeader";
import { DemoRemoval } from "../components/DemoRemoval";
import { PageSkeleton } from "../components/PageSkeleton";
import { SettingsForm } from "../components/SettingsForm";
import { companyQuery, saveCompany, setupStateQuery, timeZones } from "../model/company";

interface Values {
  name: string;
  time_zone: string;
  language: "zh" | "en";
  is_guest_calling_on: boolean;
  is_direct_sip_on: boolean;
}

/** The company's name, clock and language; and the way out of the demo. */
export function CompanyPage() {
  const { t } = useTranslation("admin");
  const queryClient = useQueryClient();
  const company = useQuery(companyQuery);
  const hasDemo = useQuery(setupStateQuery).data?.has_demo === true;
  if (company.isError)
    return (
      <Page width="form">
        <ErrorNotice error={company.error} onRetry={() => void company.refetch()} />
      </Page>
    );
  if (!company.data) return <PageSkeleton />;
  const { code, is_demo, region: _region, ...initial } = company.data;
  const save = async (values: Values) => {
    await saveCompany(values);
    await queryClient.invalidateQueries({ queryKey: sessionQuery.queryKey });
  };
  return (
    <Page width="form">
      <PageHeader title={t("company.title")} hint={t("company.hint")} />
      <Card>
        <SettingsForm<Values> label={t("company.title")} initial={initial} save={save}>
          <Form.Item label={t("company.code")} extra={t("company.codeHint")} htmlFor="company-code">
            <Input id="company-code" value={code} readOnly disabled style={{ width: 240 }} />
          </Form.Item>
          <Form.Item
            name="name"
            label={t("company.name")}
            rules={[{ required: true, message: t("form.required") }]}
          >
            <Input maxLength={100} />
          </Form.Item>
          <Form.Item name="time_zone" label={t("company.timeZone")} extra={t("company.timeZoneHint")}>
            <Select
              showSearch
              style={{ width: 240 }}
              options={timeZones(initial.time_zone).map((zone) => ({ value: zone, label: zone }))}
            />
          </Form.Item>
          <Form.Item name="language" label={t("company.language")} extra={t("company.languageHint")}>
            <Radio.Group
              options={(["zh", "en"] as const).map((each) => ({
                value: each,
                label: t(`languages.${each}`),
              }))}
            />
          </Form.Item>
          <Form.Item
            name="is_guest_calling_on"
            label={t("company.guests")}
            extra={
              <>
                {t("company.guestsHint")}{" "}
                <a
                  style={{ textDecoration: "underline" }}
                  href={`/call-us/${code}`}
                  target="_blank"
                  rel="noreferrer"
                >
                  {`${location.origin}/call-us/${code}`}
                </a>
              </>
            }
            valuePropName="checked"
          >
            <Switch />
          </Form.Item>
          <Form.Item
            name="is_direct_sip_on"
            label={t("company.directSip")}
            extra={t("company.directSipHint")}
            valuePropName="checked"
          >
            <Switch />
          </Form.Item>
        </SettingsForm>
      </Card>
      {(is_demo || hasDemo) && <DemoRemoval isMine={is_demo} />}
    </Page>
  );
}
