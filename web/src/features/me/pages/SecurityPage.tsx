import { Link } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { Page } from "@/ui/Page";
import { PageHeader } from "@/ui/PageHeader";
import { SecondFactorCard } from "../security/SecondFactorCard";
import { SessionsCard } from "../security/SessionsCard";

/** What keeps one's own account one's own. */
export function SecurityPage() {
  const { t } = useTranslation("me");
  return (
    <Page width="form">
      <PageHeader
        title={t("security.title")}
        hint={t("security.hint")}
        actions={<Link to="/me/password">{t("password.title")}</Link>}
      />
      <SecondFactorCard />
      <SessionsCard />
    </Page>
  );
}
