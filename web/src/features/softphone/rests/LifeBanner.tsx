import { Button } from "antd";
import { useTranslation } from "react-i18next";
import { useLive } from "@/live/store";
import { useServerNow } from "@/live/useServerNow";
import { useCommand } from "../model/useCommand";
import { useReasons } from "../model/useStateChoice";
import styles from "../TelephoneBanners.module.css";
import { noticeOf } from "./model";

/** Where the agent's rest stands, or why no calls come; with the one thing that may be done about it. */
export function LifeBanner() {
  const { t } = useTranslation("rests");
  const { ask, isBusy } = useCommand();
  const { nameOf } = useReasons();
  const me = useLive((state) => state.me);
  const notice = noticeOf(me, useServerNow());
  if (!notice) return null;
  const isUrgent = notice.kind === "overrun" || notice.kind === "missed" || notice.kind === "refused";
  const isBack = notice.kind === "overrun" || notice.kind === "resting" || notice.kind === "missed";
  const name = nameOf(me?.rest?.reason) ?? "";
  return (
    <div className={styles.banner} data-urgent={isUrgent} role={isUrgent ? "alert" : "status"}>
      <span>{text()}</span>
      <Button
        size="small"
        disabled={isBusy}
        onClick={() => void ask(isBack ? { do: "SetReady" } : { do: "WithdrawRest" })}
      >
        {t(isBack ? "back" : notice.kind === "refused" ? "read" : "withdraw")}
      </Button>
    </div>
  );

  function text(): string {
    if (!notice) return "";
    switch (notice.kind) {
      case "waiting":
        return t("waiting", { name, place: notice.place });
      case "refused":
        return t("refused", { name, why: t(`refusal.${notice.why}`) });
      case "overrun":
      case "resting":
        return t(notice.kind, { name, time: notice.time });
      case "missed":
        return notice.time === null
          ? t("missed", { count: notice.count })
          : t("missedUntil", { count: notice.count, time: notice.time });
      default:
        return t(notice.kind, { name });
    }
  }
}
