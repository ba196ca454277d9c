import { useQuery, useQueryClient } from "@tanstack/react-query";
import { Navigate, useNavigate } from "@tanstack/react-router";
import { Button, Spin } from "antd";
import { useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import { api, bodyOf, type Schema } from "@/api/client";
import { hasRight, sessionQuery } from "@/api/session";
import { chooseLanguage } from "@/app/i18n";
import { companyQuery } from "@/features/admin";
import { ErrorNotice } from "@/ui/ErrorNotice";
import { CompanyForm } from "../components/CompanyForm";
import { setupCodeOf } from "../model/setup-code";
import styles from "./FirstRunPage.module.css";

/** The first page of a new installation: the company and its administrator. Beside the demo only its administrator may. */
export function FirstRunPage() {
  const { t, i18n } = useTranslation("setup");
  const queryClient = useQueryClient();
  const navigate = useNavigate();
  const session = useQuery(sessionQuery);
  const code = useCodeOfAddress();
  const isAdministrator = hasRight(session.data?.user, "admin");
  const company = useQuery({ ...companyQuery, enabled: isAdministrator });
  if (session.isError) return <ErrorNotice error={session.error} onRetry={() => void session.refetch()} />;
  if (!session.data || (isAdministrator && company.isPending))
    return <Spin className={styles.wait ?? ""} size="large" aria-label={t("loading")} />;
  const isBesideDemo = company.data?.is_demo === true;
  if (isAdministrator && !isBesideDemo) return <Navigate to="/admin/setup" replace />;
  if (!isAdministrator && !session.data.is_new) return <Navigate to="/login" replace />;

  const setUp = async (body: Schema<"SetupIn">) => {
    const mine = await bodyOf(api.POST("/api/setup", { body }));
    queryClient.clear();
    queryClient.setQueryData(sessionQuery.queryKey, mine);
    await navigate({ to: "/admin/setup" });
  };
  return (
    <main className={styles.page}>
      <div className={styles.card}>
        <header className={styles.head}>
          <img src="/favicon.svg" alt="" width={44} height={44} />
          <div>
            <h1 className={styles.title}>{t("first.title")}</h1>
            <p className={styles.hint}>{isBesideDemo ? t("first.besideDemo") : t("first.hint")}</p>
          </div>
        </header>
        <CompanyForm
          language={i18n.language === "en" ? "en" : "zh"}
          setupCode={session.data.needs_setup_code ? code : null}
          onSubmit={setUp}
        />
      </div>
      <Button type="text" onClick={() => void chooseLanguage(i18n.language === "zh" ? "en" : "zh")}>
        {t("otherLanguage")}
      </Button>
    </main>
  );
}

/** The code that the address brought; it is taken off the address bar, and so out of the browser's history. */
function useCodeOfAddress(): string {
  const [code] = useState(() => setupCodeOf(window.location.hash));
  const navigate = useNavigate();
  useEffect(() => {
    if (code !== "") void navigate({ to: "/setup", hash: "", replace: true });
  }, [code, navigate]);
  return code;
}
