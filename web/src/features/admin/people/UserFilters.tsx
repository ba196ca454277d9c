import { useQuery } from "@tanstack/react-query";
import { Select } from "antd";
import { useTranslation } from "react-i18next";
import { useSettingsSearch } from "../model/useSettingsSearch";
import { organisationQuery } from "../organisation/model/queries";
import { rolesQuery } from "../roles/model/queries";

/** By role, team and site, each in the address. */
export function UserFilters() {
  const { t } = useTranslation("people");
  const { search, filter } = useSettingsSearch();
  const roles = useQuery(rolesQuery);
  const organisation = useQuery(organisationQuery);
  const choose = (
    label: string,
    name: "role" | "team" | "site",
    options: { value: string; label: string }[],
  ) => (
    <Select
      aria-label={label}
      value={search[name] ?? ""}
      onChange={(value) => filter({ [name]: value })}
      style={{ width: 150 }}
      options={[{ value: "", label }, ...options]}
    />
  );
  const named = (rows: readonly { id: number; name: string }[] = []) =>
    rows.map(({ id, name }) => ({ value: String(id), label: name }));
  const sites = named(organisation.data?.sites);
  return (
    <>
      {choose(
        t("anyRole"),
        "role",
        (roles.data ?? []).map(({ code, name }) => ({ value: code, label: name })),
      )}
      {choose(t("anyTeam"), "team", [
        ...named(organisation.data?.teams),
        { value: "0", label: t("withoutTeam") },
      ])}
      {sites.length > 0 && choose(t("anySite"), "site", sites)}
    </>
  );
}
