import { Button } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { takeTelephoneOver, telephone, useCommand } from "@/features/softphone";
import { useLive } from "@/live/store";
import { useTelephone } from "@/telephone/telephone";
import { CheckRow, type CheckState } from "./CheckRow";

/** Whether the telephone is registered where calls come from. */
export function RegistrationCheck() {
  const { t } = useTranslation("me");
  const place = useTelephone((state) => state.place);
  const registration = useTelephone((state) => state.registration);
  const isSip = useLive((state) => state.me?.telephone === "sip");
  const sipState = useLive((state) => state.me?.telephone_state);
  if (isSip) {
    const isOk = sipState === "ok";
    return (
      <CheckRow
        title={t("registration.title")}
        state={isOk ? "good" : "bad"}
        result={isOk ? t("registration.sip") : t("registration.sipAway")}
      />
    );
  }
  if (place !== "mine") {
    return (
      <CheckRow
        title={t("registration.title")}
        state="open"
        result={place === "elsewhere" ? t("registration.elsewhere") : t("registration.off")}
      >
        {place === "elsewhere" && <Button onClick={takeTelephoneOver}>{t("registration.takeOver")}</Button>}
      </CheckRow>
    );
  }
  const state: CheckState =
    registration === "registered" ? "good" : registration === "connecting" ? "running" : "bad";
  return (
    <CheckRow title={t("registration.title")} state={state} result={t(`registration.${registration}`)}>
      {state === "bad" && <Button onClick={() => void telephone.open()}>{t("registration.again")}</Button>}
    </CheckRow>
  );
}

/** Ring oneself: the whole way of a call, with a spoken prompt at its end. */
export function TestCall() {
  const { t } = useTranslation("me");
  const { ask, isBusy } = useCommand();
  const call = useTelephone((state) => state.call);
  const quality = useTelephone((state) => state.quality);
  const [isAsked, setAsked] = useState(false);
  const [wasUp, setUp] = useState(false);
  const isTalking = call?.phase === "talking";
  if (isTalking && isAsked && !wasUp) setUp(true);
  const state: CheckState = isTalking ? "running" : wasUp ? "good" : "open";
  const words = isTalking
    ? quality
      ? t("testCall.quality", {
          loss_pct: quality.loss_pct.toFixed(1),
          jitter_ms: Math.round(quality.jitter_ms),
        })
      : t("testCall.running")
    : wasUp
      ? t("testCall.good")
      : t("testCall.open");
  const begin = async () => {
    setUp(false);
    setAsked(await ask({ do: "CallTest" }));
  };
  return (
    <CheckRow title={t("testCall.title")} state={state} result={words}>
      {isTalking && isAsked ? (
        <Button danger onClick={() => telephone.endHere()}>
          {t("testCall.hangUp")}
        </Button>
      ) : (
        <Button type="primary" loading={isBusy} onClick={() => void begin()}>
          {t("testCall.begin")}
        </Button>
      )}
    </CheckRow>
  );
}
