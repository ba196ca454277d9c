import { useNavigate, useSearch } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { useRight } from "@/api/session";
import { Page } from "@/ui/Page";
import { PageHeader } from "@/ui/PageHeader";
import { ErasureTable } from "../components/ErasureTable";
import { PrivacyPolicyCard } from "../components/PrivacyPolicyCard";

/** In the settings: whether a second person has to agree, and the erasures for whoever has that right too. */
export function AllErasuresPage() {
  const { t } = useTranslation("privacy");
  const search = useSearch({ from: "/shell/admin/erasures" });
  const navigate = useNavigate();
  const mayErase = useRight("customers.erase");
  return (
    <Page>
      <PageHeader title={t("list.title")} hint={t("list.hint")} />
      <PrivacyPolicyCard />
      {mayErase && (
        <ErasureTable
          search={search}
          onSearch={(changed) => void navigate({ to: "/admin/erasures", search: changed, replace: true })}
        />
      )}
    </Page>
  );
}
