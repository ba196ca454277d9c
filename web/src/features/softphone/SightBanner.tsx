import { useTranslation } from "react-i18next";
import { useTimeZone } from "@/api/session";
import { formatTimeOfDay } from "@/lib/time";
import { useLive } from "@/live/store";
import { liveCallOf } from "./model/contact";
import styles from "./TelephoneBanners.module.css";

/** That the agent's own call is out of sight: what can be done all the same, and what has to wait. */
export function SightBanner() {
  const { t } = useTranslation("softphone");
  const zone = useTimeZone();
  const me = useLive((state) => state.me);
  const call = useLive((state) => liveCallOf(state.me, state.mine));
  if (!call?.unseen_since) return null;
  const since = formatTimeOfDay(call.unseen_since, zone);
  return (
    <div className={styles.banner} data-urgent role="alert">
      <span>{t(me?.telephone === "sip" ? "sight.onTelephone" : "sight.banner", { since })}</span>
    </div>
  );
}
