import { useQuery, useQueryClient } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { Megaphone, Pause, Play } from "lucide-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useIsViewing } from "@/api/session";
import { plainText } from "@/lib/markdown";
import { useNudge } from "@/live/nudges";
import { acknowledgeNotice, unreadNoticesQuery } from "./model/queries";
import { useDoing } from "./model/useDoing";
import styles from "./NoticeBar.module.css";

/** What one has not acknowledged, on the bar of every page. It scrolls unless paused, pointed at, or motion is unwanted. */
export function NoticeBar() {
  const { t } = useTranslation("announcements");
  const queryClient = useQueryClient();
  const doing = useDoing("notices");
  const [isPaused, setPaused] = useState(false);
  const [isBusy, setBusy] = useState(false);
  const isViewing = useIsViewing();
  const items = useQuery(unreadNoticesQuery).data?.items ?? [];
  useNudge("notices", () => void queryClient.invalidateQueries({ queryKey: ["notices"] }));
  const first = items[0];
  if (!first) return null;
  const acknowledge = async () => {
    setBusy(true);
    await doing(() => acknowledgeNotice(first.id));
    setBusy(false);
  };
  return (
    <section className={styles.bar} data-urgent={first.is_urgent} aria-label={t("bar.label")}>
      <Megaphone size={16} aria-hidden />
      <div className={styles.window}>
        <Link
          key={first.id}
          to="/announcements"
          search={{ open: String(first.id) }}
          className={styles.text}
          data-paused={isPaused}
        >
          <strong>{first.title}</strong> <span>{plainText(first.text).slice(0, 300)}</span>
        </Link>
      </div>
      {items.length > 1 && <span className={styles.more}>{t("bar.more", { count: items.length - 1 })}</span>}
      <button
        type="button"
        className={styles.pause}
        aria-label={t(isPaused ? "bar.go" : "bar.pause")}
        aria-pressed={isPaused}
        onClick={() => setPaused(!isPaused)}
      >
        {isPaused ? <Play size={14} aria-hidden /> : <Pause size={14} aria-hidden />}
      </button>
      <button
        type="button"
        className={styles.acknowledge}
        disabled={isBusy || isViewing}
        onClick={() => void acknowledge()}
      >
        {t("acknowledge")}
      </button>
    </section>
  );
}
