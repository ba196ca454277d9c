import { useQueryClient } from "@tanstack/react-query";
import { getRouteApi, useNavigate } from "@tanstack/react-router";
import { Button } from "antd";
import { lazy, Suspense, useState } from "react";
import { useTranslation } from "react-i18next";
import { ApiProblem } from "@/api/problem";
import { type Session, sessionQuery } from "@/api/session";
import { chooseLanguage } from "@/app/i18n";
import { chooseTheme } from "@/app/theme/theme";
import { ErrorNotice } from "@/ui/ErrorNotice";
import { PasswordStep } from "../components/PasswordStep";
import styles from "./LoginPage.module.css";

const CodeStep = lazy(async () => ({ default: (await import("../components/CodeStep")).CodeStep }));
const SetUpStep = lazy(async () => ({ default: (await import("../components/SetUpStep")).SetUpStep }));

const SingleSignOn = lazy(async () => ({
  default: (await import("../components/SingleSignOn")).SingleSignOn,
}));

const COMPANY_KEY = "zhiyin.company"; // the code last used here
const route = getRouteApi("/login");

/** Logging in: the password, then what the user or the company wants beside it. A reload stays at its step. */
export function LoginPage() {
  const { t, i18n } = useTranslation(["login", "problems"]);
  const { next, problem } = route.useSearch();
  const navigate = useNavigate();
  const queryClient = useQueryClient();
  const known = queryClient.getQueryData(sessionQuery.queryKey);
  const [step, setStep] = useState(known?.step ?? null);

  const remembered = localStorage.getItem(COMPANY_KEY) ?? known?.company?.code ?? "";
  const [company, setCompany] = useState(remembered);

  const enter = (session: Session) => {
    queryClient.setQueryData(sessionQuery.queryKey, session);
    const theme = session.user?.theme;
    if (theme === "light" || theme === "dark" || theme === "system") chooseTheme(theme);
    if (session.user?.language) void chooseLanguage(session.user.language);
    void navigate({ to: next ?? "/" });
  };
  const goOn = (session: Session, company: string) => {
    localStorage.setItem(COMPANY_KEY, company);
    if (session.step) setStep(session.step);
    else enter(session);
  };
  const remember = (typed: string) => {
    setCompany(typed);
    localStorage.setItem(COMPANY_KEY, typed); // single sign-on leaves this page before anybody is in
  };
  const back = () => setStep(null);

  return (
    <main className={styles.page}>
      <div className={styles.card}>
        <header className={styles.head}>
          <img src="/favicon.svg" alt="" width={44} height={44} />
          <div>
            <h1 className={styles.title}>{t("title")}</h1>
            <p className={styles.hint}>{t("hint")}</p>
          </div>
        </header>
        {step === null && (
          <>
            {problem && (
              <div className={styles.lead}>
                <ErrorNotice error={new ApiProblem({ code: problem, status: 0 })} />
              </div>
            )}
            <PasswordStep company={remembered} onCompany={remember} onAnswer={goOn} />
          </>
        )}
        <Suspense>
          {step === null && <SingleSignOn company={company} next={next ?? "/"} />}
          {step === "code" && <CodeStep onEnter={enter} onBack={back} />}
          {step === "set_up" && <SetUpStep onEnter={enter} onBack={back} />}
        </Suspense>
      </div>
      <Button type="text" onClick={() => void chooseLanguage(i18n.language === "zh" ? "en" : "zh")}>
        {t("otherLanguage")}
      </Button>
    </main>
  );
}
