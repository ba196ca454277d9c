import { useQuery } from "@tanstack/react-query";
import { Form, Select } from "antd";
import { useTranslation } from "react-i18next";
import { organisationQuery } from "../organisation/model/queries";
import { pathName } from "../organisation/model/tree";

/** Where a user belongs: team and site. */
export function UserPlaceFields() {
  const { t } = useTranslation("people");
  const organisation = useQuery(organisationQuery);
  const { departments = [], teams = [], sites = [] } = organisation.data ?? {};
  return (
    <>
      <Form.Item name="team" label={t("team")} extra={t("teamHint")} getValueFromEvent={(id) => id ?? null}>
        <Select
          allowClear
          showSearch={{ optionFilterProp: "label" }}
          loading={organisation.isPending}
          options={teams.map(({ id, name, department }) => ({
            value: id,
            label: `${pathName(departments, department)} / ${name}`,
          }))}
        />
      </Form.Item>
      {sites.length > 0 && (
        <Form.Item name="site" label={t("site")} getValueFromEvent={(id) => id ?? null}>
          <Select allowClear options={sites.map(({ id, name }) => ({ value: id, label: name }))} />
        </Form.Item>
      )}
    </>
  );
}
