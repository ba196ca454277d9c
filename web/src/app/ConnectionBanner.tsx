import { useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import { secondsSince } from "@/lib/time";
import { useLive } from "@/live/store";
import { useServerNow } from "@/live/useServerNow";
import styles from "./ConnectionBanner.module.css";

const PATIENCE_MS = 2000;

/** Says that what is shown may be old: the socket is away, or the engine behind it. A blink of the line is not told. */
export function ConnectionBanner() {
  const { t } = useTranslation();
  const isOpen = useLive((state) => state.connection === "open");
  const staleSince = useLive((state) => state.staleSince);
  const now_ms = useServerNow();
  const [isLong, setLong] = useState(false);
  useEffect(() => {
    if (isOpen) return setLong(false);
    const timer = setTimeout(() => setLong(true), PATIENCE_MS);
    return () => clearTimeout(timer);
  }, [isOpen]);

  const isAway = !isOpen && isLong;
  if (!isAway && !staleSince) return null;
  return (
    <div className={styles.banner} role="status">
      <strong>{isAway ? t("banner.offline") : t("banner.stale")}</strong>{" "}
      {isAway
        ? t("banner.offlineHint")
        : t("banner.staleHint", { seconds: Math.floor(secondsSince(staleSince, now_ms)) })}
    </div>
  );
}
