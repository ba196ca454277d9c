import { useNavigate, useSearch } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { Page } from "@/ui/Page";
import { PageHeader } from "@/ui/PageHeader";
import { ExportPolicyForm } from "./ExportPolicyForm";
import { ExportTable } from "./ExportTable";

/** Everybody's exports and the limits, for who administers. */
export function AllExportsPage() {
  const { t } = useTranslation("exchange");
  const search = useSearch({ from: "/shell/admin/exports" });
  const navigate = useNavigate();
  return (
    <Page>
      <PageHeader title={t("exports.all")} hint={t("exports.hint")} />
      <ExportPolicyForm />
      <ExportTable
        mine={false}
        search={search}
        onSearch={(changed) => void navigate({ to: "/admin/exports", search: changed, replace: true })}
      />
    </Page>
  );
}
