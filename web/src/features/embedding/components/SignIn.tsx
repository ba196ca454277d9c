import { useQuery, useQueryClient } from "@tanstack/react-query";
import { Button } from "antd";
import { lazy, Suspense, useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import { api, bodyOf } from "@/api/client";
import { type Session, sessionQuery } from "@/api/session";
import { PasswordStep } from "@/features/login/components/PasswordStep";
import styles from "./Embedding.module.css";

const CodeStep = lazy(async () => ({
  default: (await import("@/features/login/components/CodeStep")).CodeStep,
}));
const SetUpStep = lazy(async () => ({
  default: (await import("@/features/login/components/SetUpStep")).SetUpStep,
}));

interface Props {
  company: string;
  session: Session;
  /** Of another site than the page around: what is done in another window is not known here. */
  isOfAnotherSite: boolean;
}

/** Logging in inside the frame: password and second factor here, single sign-on in a window of its own. */
export function SignIn({ company, session, isOfAnotherSite }: Props) {
  const { t } = useTranslation("embedding");
  const queryClient = useQueryClient();
  const [step, setStep] = useState(session.step ?? null);
  const enter = (entered: Session) => queryClient.setQueryData(sessionQuery.queryKey, entered);
  const goOn = (answer: Session) => {
    if (answer.step) setStep(answer.step);
    else enter(answer);
  };
  useLoginElsewhere();
  const back = () => setStep(null);
  return (
    <main className={styles.login}>
      <h1 className={styles.title}>{t("title")}</h1>
      {step === null && (
        <>
          <p className={styles.quiet}>{t("login")}</p>
          <PasswordStep company={company} isCompanyFixed onAnswer={goOn} />
          <ElsewhereHint company={company} isOfAnotherSite={isOfAnotherSite} />
        </>
      )}
      <Suspense>
        {step === "code" && <CodeStep onEnter={enter} onBack={back} />}
        {step === "set_up" && <SetUpStep onEnter={enter} onBack={back} />}
      </Suspense>
    </main>
  );
}

/** Coming back from another window: perhaps somebody logged in there. */
function useLoginElsewhere(): void {
  const queryClient = useQueryClient();
  useEffect(() => {
    const look = () => {
      if (document.visibilityState === "visible")
        void queryClient.invalidateQueries({ queryKey: sessionQuery.queryKey });
    };
    window.addEventListener("focus", look);
    document.addEventListener("visibilitychange", look);
    return () => {
      window.removeEventListener("focus", look);
      document.removeEventListener("visibilitychange", look);
    };
  }, [queryClient]);
}

/** No identity provider lets its page be shown in a frame. */
function ElsewhereHint({ company, isOfAnotherSite }: { company: string; isOfAnotherSite: boolean }) {
  const { t } = useTranslation("embedding");
  const offered = useQuery({
    queryKey: ["login", "offered", company],
    queryFn: async () =>
      (await bodyOf(api.GET("/api/sign-in/offered", { params: { query: { company } } }))).items,
    staleTime: Number.POSITIVE_INFINITY,
  });
  if (!offered.data?.length) return null;
  if (isOfAnotherSite) return <p className={styles.quiet}>{t("loginOtherSite")}</p>;
  return (
    <>
      <p className={styles.quiet}>{t("loginElsewhereHint")}</p>
      <Button block href="/login?next=/me/devices" target="_blank" rel="noopener">
        {t("loginElsewhere")}
      </Button>
    </>
  );
}
