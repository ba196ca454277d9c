import { useTranslation } from "react-i18next";
import { formatDuration } from "@/lib/time";

const SECONDS_MATTER_BELOW_S = 36_000;

/** A sum of durations: "9:05:00", from ten hours on "12.5 h", since nobody reads the seconds of a day's work. */
export function useTotal(): (total_s: number) => string {
  const { t } = useTranslation("monitor");
  return (total_s) =>
    total_s < SECONDS_MATTER_BELOW_S
      ? formatDuration(total_s)
      : t("tile.hours", { hours: (total_s / 3600).toFixed(1) });
}
