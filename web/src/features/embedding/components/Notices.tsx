import { Button } from "antd";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { currentOf, needsResume } from "@/features/softphone/model/contact";
import { takeTelephoneOver, telephone } from "@/features/softphone/model/telephone-of-this-tab";
import { useMicrophonePermission } from "@/features/softphone/model/useMicrophonePermission";
import { useLive } from "@/live/store";
import { useTelephone } from "@/telephone/telephone";
import styles from "./Embedding.module.css";

/** What stands between the agent and a call; one at a time, the most urgent. */
export function Notices() {
  const { t } = useTranslation(["softphone", "embedding"]);
  const me = useLive((state) => state.me);
  const current = useLive((state) => currentOf(state.me, state.mine));
  const connection = useLive((state) => state.connection);
  const { place, call, trouble, registration } = useTelephone();
  const { permission, allow } = useMicrophonePermission();
  if (connection === "waiting") return <Notice isUrgent text={t("embedding:offline")} />;
  if (place === "off") return null;
  if (place === "elsewhere")
    return (
      <Notice text={t("elsewhere.title")}>
        <Button size="small" onClick={takeTelephoneOver}>
          {t("elsewhere.takeOver")}
        </Button>
      </Notice>
    );
  if (needsResume(me, current, call !== null))
    return (
      <Notice isUrgent text={t("resume.hint")}>
        <Button size="small" type="primary" onClick={() => void telephone.open()}>
          {t("resume.title")}
        </Button>
      </Notice>
    );
  if (trouble || permission === "denied" || permission === "impossible")
    return (
      <Notice
        isUrgent
        text={t(`trouble.${trouble ?? (permission === "impossible" ? "insecure_page" : "denied")}`)}
      >
        {call?.phase === "ringing" && (
          <Button
            size="small"
            type="primary"
            onClick={() => telephone.answerRinging().catch(() => undefined)}
          >
            {t("offer.answer")}
          </Button>
        )}
      </Notice>
    );
  if (permission === "unasked")
    return (
      <Notice text={t("permission.hint")}>
        <Button size="small" type="primary" onClick={() => void allow()}>
          {t("permission.allow")}
        </Button>
      </Notice>
    );
  if (registration === "connecting") return <Notice text={t("health.connecting")} />;
  return registration === "failed" ? <Notice isUrgent text={t("health.failedShort")} /> : null;
}

interface NoticeProps {
  text: string;
  isUrgent?: boolean;
  children?: ReactNode;
}

function Notice({ text, isUrgent = false, children }: NoticeProps) {
  return (
    <div className={styles.notice} data-urgent={isUrgent} role={isUrgent ? "alert" : "status"}>
      <span>{text}</span>
      {children}
    </div>
  );
}
