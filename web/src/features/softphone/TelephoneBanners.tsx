import { Link } from "@tanstack/react-router";
import { Button } from "antd";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { useLive } from "@/live/store";
import { useTelephone } from "@/telephone/telephone";
import { currentOf, needsResume } from "./model/contact";
import { telephone } from "./model/telephone-of-this-tab";
import { type MicrophonePermission, useMicrophonePermission } from "./model/useMicrophonePermission";
import styles from "./TelephoneBanners.module.css";

/** What stands between the agent and a call, said in plain words under the bar; one at a time, the most urgent. */
export function TelephoneBanners() {
  const { t } = useTranslation("softphone");
  const me = useLive((state) => state.me);
  const current = useLive((state) => currentOf(state.me, state.mine));
  const place = useTelephone((state) => state.place);
  const call = useTelephone((state) => state.call);
  const trouble = useTelephone((state) => state.trouble);
  const { permission, allow } = useMicrophonePermission();
  if (place !== "mine") return null;

  if (needsResume(me, current, call !== null)) {
    return (
      <Banner urgent text={t("resume.hint")}>
        <Button size="small" type="primary" onClick={() => void telephone.open()}>
          {t("resume.title")}
        </Button>
      </Banner>
    );
  }
  if (trouble || permission === "denied" || permission === "impossible") {
    return (
      <Banner urgent text={t(`trouble.${trouble ?? troubleOf(permission)}`)}>
        {call?.phase === "ringing" && (
          <Button
            size="small"
            type="primary"
            onClick={() => telephone.answerRinging().catch(() => undefined)}
          >
            {t("offer.answer")}
          </Button>
        )}
        <Link to="/me/devices">{t("trouble.check")}</Link>
      </Banner>
    );
  }
  if (permission === "unasked") {
    return (
      <Banner text={t("permission.hint")}>
        <Button size="small" type="primary" onClick={() => void allow()}>
          {t("permission.allow")}
        </Button>
      </Banner>
    );
  }
  return null;
}

function troubleOf(permission: MicrophonePermission): "denied" | "insecure_page" {
  return permission === "impossible" ? "insecure_page" : "denied";
}

function Banner({ text, urgent = false, children }: { text: string; urgent?: boolean; children: ReactNode }) {
  return (
    <div className={styles.banner} data-urgent={urgent} role={urgent ? "alert" : "status"}>
      <span>{text}</span>
      {children}
    </div>
  );
}
