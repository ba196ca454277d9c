import { useQuery } from "@tanstack/react-query";
import { App, Button, Modal } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { api, bodyOf, type Schema } from "@/api/client";
import { useTimeZone } from "@/api/session";
import { formatInstant } from "@/lib/time";
import { ErrorNotice } from "@/ui/ErrorNotice";
import { Card } from "@/ui/Page";
import { StatusTag } from "@/ui/StatusTag";
import { FactorSetup } from "@/ui/second-factor/FactorSetup";
import { RecoveryCodes } from "@/ui/second-factor/RecoveryCodes";
import { PasswordAgain } from "./PasswordAgain";
import { secondFactorQuery } from "./queries";
import styles from "./Security.module.css";

type Asking = "begin" | "renew" | "off";
const FEW_CODES = 3;

/** One's own second factor: off, being set up, or on with recovery codes. */
export function SecondFactorCard() {
  const { t } = useTranslation("me");
  const zone = useTimeZone();
  const { message } = App.useApp();
  const state = useQuery(secondFactorQuery);
  const [asking, setAsking] = useState<Asking | null>(null);
  const [setup, setSetup] = useState<Schema<"FactorSetupOut"> | null>(null);
  const [codes, setCodes] = useState<readonly string[] | null>(null);

  const answer = async (password: string) => {
    const body = { password };
    if (asking === "begin") setSetup(await bodyOf(api.POST("/api/me/second-factor", { body })));
    if (asking === "renew")
      setCodes((await bodyOf(api.POST("/api/me/second-factor/recovery-codes", { body }))).codes);
    if (asking === "off") {
      await api.POST("/api/me/second-factor/off", { body });
      message.success(t("security.wasSwitchedOff"));
    }
    setAsking(null);
    await state.refetch();
  };
  const confirm = async (code: string) => {
    const answered = await bodyOf(api.POST("/api/me/second-factor/confirm", { body: { code } }));
    setSetup(null);
    setCodes(answered.codes);
    await state.refetch();
  };

  if (state.isError)
    return (
      <Card title={t("security.factor")}>
        <ErrorNotice error={state.error} onRetry={() => void state.refetch()} />
      </Card>
    );
  const since = state.data?.since ?? null;
  const left = state.data?.recovery_codes_left ?? 0;
  return (
    <Card
      title={t("security.factor")}
      actions={
        state.data && (
          <StatusTag tone={since ? "ready" : "off"} hasDot>
            {t(since ? "security.on" : "security.off")}
          </StatusTag>
        )
      }
    >
      <p className={styles.hint}>
        {since ? t("security.since", { at: formatInstant(since, zone) }) : t("security.factorHint")}
        {state.data?.is_required && ` ${t("security.required")}`}
      </p>
      {since && (
        <p className={left < FEW_CODES ? styles.warning : styles.hint}>
          {t("security.codesLeft", { count: left })}
        </p>
      )}
      {state.data && (
        <div className={styles.actions}>
          {since === null && (
            <Button type="primary" onClick={() => setAsking("begin")}>
              {t("security.setUp")}
            </Button>
          )}
          {since && <Button onClick={() => setAsking("renew")}>{t("security.renew")}</Button>}
          {since && !state.data.is_required && (
            <Button danger onClick={() => setAsking("off")}>
              {t("security.switchOff")}
            </Button>
          )}
        </div>
      )}
      {asking && (
        <PasswordAgain
          title={t(`security.ask.${asking}.title`)}
          hint={t(`security.ask.${asking}.hint`)}
          submit={t(`security.ask.${asking}.submit`)}
          isDanger={asking === "off"}
          onSubmit={answer}
          onClose={() => setAsking(null)}
        />
      )}
      {setup && (
        <Modal open title={t("security.setUp")} footer={null} onCancel={() => setSetup(null)}>
          <FactorSetup setup={setup} onConfirm={confirm} />
        </Modal>
      )}
      {codes && (
        <Modal
          open
          title={t("security.codes")}
          footer={null}
          mask={{ closable: false }}
          closable={false}
          keyboard={false}
        >
          <RecoveryCodes codes={codes} onDone={() => setCodes(null)} />
        </Modal>
      )}
    </Card>
  );
}
