import { useNavigate, useSearch } from "@tanstack/react-router";
import { Button } from "antd";
import { useTranslation } from "react-i18next";
import { useRight } from "@/api/session";
import { Page } from "@/ui/Page";
import { PageHeader } from "@/ui/PageHeader";
import { ExportTable } from "./ExportTable";

/** One's own exports; whoever approves sees what waits for that too. */
export function ExportsPage() {
  const { t } = useTranslation("exchange");
  const search = useSearch({ from: "/shell/exports" });
  const navigate = useNavigate();
  const mayApprove = useRight("exports.approve");
  return (
    <Page>
      <PageHeader title={t("exports.title")} hint={t("exports.hint")} />
      <ExportTable
        mine={!(mayApprove && search.state === "waiting")}
        search={search}
        onSearch={(changed) => void navigate({ to: "/exports", search: changed, replace: true })}
        begin={
          <Button type="primary" onClick={() => void navigate({ to: "/customers", search: {} })}>
            {t("exports.show")}
          </Button>
        }
      />
    </Page>
  );
}
