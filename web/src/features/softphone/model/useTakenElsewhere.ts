import { App } from "antd";
import { useEffect, useRef } from "react";
import { useTranslation } from "react-i18next";
import type { AgentRow } from "@/live/messages";

/** Says why the telephone fell silent: of all who were rung a colleague was the first to answer. */
export function useTakenElsewhere(me: AgentRow | null) {
  const { t } = useTranslation("softphone");
  const { message } = App.useApp();
  const before = useRef(me?.state);
  useEffect(() => {
    if (before.current === "alerting" && me?.state === "ready" && me.reason === "answered_elsewhere")
      message.info(t("offer.answeredElsewhere"));
    before.current = me?.state;
  }, [me, message, t]);
}
