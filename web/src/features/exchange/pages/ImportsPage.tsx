import { useQuery } from "@tanstack/react-query";
import { useNavigate, useSearch } from "@tanstack/react-router";
import { Button } from "antd";
import { Upload } from "lucide-react";
import { useTranslation } from "react-i18next";
import { Page } from "@/ui/Page";
import { PageHeader } from "@/ui/PageHeader";
import { ImportHistory } from "../components/ImportHistory";
import { importKindsQuery } from "../model/queries";

/** Everybody's imports, for who administers. */
export function ImportsPage() {
  const { t } = useTranslation("exchange");
  const search = useSearch({ from: "/shell/admin/imports" });
  const navigate = useNavigate();
  const kinds = useQuery(importKindsQuery);
  const begin = (
    <Button
      type="primary"
      icon={<Upload size={16} />}
      onClick={() => void navigate({ to: "/import", search: {} })}
    >
      {t("title")}
    </Button>
  );
  return (
    <Page>
      <PageHeader title={t("history.all")} hint={t("history.allHint")} actions={begin} />
      <ImportHistory
        kinds={kinds.data?.kinds ?? []}
        search={search}
        begin={begin}
        onSearch={(changed) => void navigate({ to: "/admin/imports", search: changed, replace: true })}
        onOpen={(id) => void navigate({ to: "/import", search: { id } })}
      />
    </Page>
  );
}
