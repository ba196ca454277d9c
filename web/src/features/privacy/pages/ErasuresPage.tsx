import { useNavigate, useSearch } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { Page } from "@/ui/Page";
import { PageHeader } from "@/ui/PageHeader";
import { ErasureTable } from "../components/ErasureTable";

/** Erasures for whoever may decide about them without administering the company. */
export function ErasuresPage() {
  const { t } = useTranslation("privacy");
  const search = useSearch({ from: "/shell/erasures" });
  const navigate = useNavigate();
  return (
    <Page>
      <PageHeader title={t("list.title")} hint={t("list.hint")} />
      <ErasureTable
        search={search}
        onSearch={(changed) => void navigate({ to: "/erasures", search: changed, replace: true })}
      />
    </Page>
  );
}
