import { Unplug } from "lucide-react";
import { useTranslation } from "react-i18next";
import { useTimeZone } from "@/api/session";
import { formatTimeOfDay } from "@/lib/time";
import styles from "./UnseenMark.module.css";

/** Beside a contact whose telephone node is out of sight: since when, and what that means. */
export function UnseenMark({ since }: { since: string }) {
  const { t } = useTranslation("ui");
  const zone = useTimeZone();
  const words = t("unseen", { since: formatTimeOfDay(since, zone) });
  return (
    <span className={styles.mark} role="img" aria-label={words} title={words}>
      <Unplug size={14} aria-hidden />
    </span>
  );
}
