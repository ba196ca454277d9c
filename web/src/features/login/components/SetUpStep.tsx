import { useQuery } from "@tanstack/react-query";
import { Button, Skeleton } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { api, bodyOf, type Schema } from "@/api/client";
import type { Session } from "@/api/session";
import { ErrorNotice } from "@/ui/ErrorNotice";
import { FactorSetup } from "@/ui/second-factor/FactorSetup";
import { RecoveryCodes } from "@/ui/second-factor/RecoveryCodes";
import styles from "../pages/LoginPage.module.css";

interface Props {
  onEnter: (session: Session) => void;
  onBack: () => void;
}

/** The company requires a second factor: set it up before anything else. */
export function SetUpStep({ onEnter, onBack }: Props) {
  const { t } = useTranslation("login");
  const setup = useQuery({
    queryKey: ["login", "second-factor"],
    queryFn: () => bodyOf(api.POST("/api/session/second-factor")),
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: 0,
    retry: false,
  });
  const [entered, setEntered] = useState<Schema<"EnteredOut"> | null>(null);
  if (entered) return <RecoveryCodes codes={entered.codes} onDone={() => onEnter(entered.session)} />;
  return (
    <>
      <p className={styles.lead}>{t("setUp.hint")}</p>
      {setup.isError && <ErrorNotice error={setup.error} />}
      {setup.isPending && <Skeleton active />}
      {setup.data && (
        <FactorSetup
          setup={setup.data}
          onConfirm={async (code) =>
            setEntered(await bodyOf(api.POST("/api/session/second-factor/confirm", { body: { code } })))
          }
        />
      )}
      <Button type="link" block onClick={onBack}>
        {t("back")}
      </Button>
    </>
  );
}
