import { Link } from "@tanstack/react-router";
import { Button, Tooltip } from "antd";
import { LoaderCircle, PhoneOff, Signal, SignalLow, SignalMedium } from "lucide-react";
import { useTranslation } from "react-i18next";
import { type TelephoneState, useTelephone } from "@/telephone/telephone";
import { takeTelephoneOver } from "../model/telephone-of-this-tab";
import styles from "./TelephoneBadge.module.css";

type Health = "registered" | "connecting" | "failed" | "good" | "fair" | "poor";

function healthOf({ registration, call, quality }: TelephoneState): Health {
  if (call?.phase === "talking" && quality) return quality.level;
  return registration === "registered" || registration === "connecting" ? registration : "failed";
}

const ICONS = {
  registered: Signal,
  good: Signal,
  fair: SignalMedium,
  poor: SignalLow,
  connecting: LoaderCircle,
  failed: PhoneOff,
};

/** How the telephone is: registered or not, and how well a running call sounds. Leads to the device check. */
export function TelephoneBadge() {
  const { t } = useTranslation("softphone");
  const state = useTelephone();
  if (state.place === "off") return null;
  if (state.place === "elsewhere") {
    return (
      <span className={styles.elsewhere}>
        {t("elsewhere.title")}
        <Button size="small" onClick={takeTelephoneOver}>
          {t("elsewhere.takeOver")}
        </Button>
      </span>
    );
  }
  const health = healthOf(state);
  const Icon = ICONS[health];
  const words = state.quality
    ? t(`health.${health}WithFigures` as "health.goodWithFigures", {
        loss_pct: state.quality.loss_pct.toFixed(1),
        jitter_ms: Math.round(state.quality.jitter_ms),
        rtt_ms: state.quality.rtt_ms === null ? "–" : Math.round(state.quality.rtt_ms),
      })
    : t(`health.${health}`);
  return (
    <Tooltip title={words}>
      <Link
        to="/me/devices"
        className={styles.badge}
        data-health={health}
        aria-label={`${t("health.label")}: ${words}`}
      >
        <Icon size={18} aria-hidden />
        {health === "failed" && <span>{t("health.failedShort")}</span>}
        {health === "connecting" && <span>{t("health.connecting")}</span>}
      </Link>
    </Tooltip>
  );
}
