import { Button } from "antd";
import { Unplug } from "lucide-react";
import { useTranslation } from "react-i18next";
import { useTimeZone } from "@/api/session";
import { formatTimeOfDay } from "@/lib/time";
import styles from "./SightNotice.module.css";

interface Props {
  /** Contacts out of sight, and since when each is. */
  unseen: ReadonlyMap<string, string>;
  /** The page shows nothing but these. */
  isOnly: boolean;
  onOnly: (isOnly: boolean) => void;
}

/** That a telephone node cannot be reached, what that means for its contacts, and which ones they are. */
export function SightNotice({ unseen, isOnly, onOnly }: Props) {
  const { t } = useTranslation("monitor");
  const zone = useTimeZone();
  const [first] = [...unseen.values()].sort((a, b) => Date.parse(a) - Date.parse(b));
  if (first === undefined && !isOnly) return null;
  return (
    <div className={styles.notice} data-over={first === undefined} role="status">
      <Unplug size={16} aria-hidden />
      <span className={styles.words}>
        {first === undefined
          ? t("sight.over")
          : t("sight.notice", { count: unseen.size, since: formatTimeOfDay(first, zone) })}
      </span>
      <Button size="small" aria-pressed={isOnly} onClick={() => onOnly(!isOnly)}>
        {t(isOnly ? "sight.all" : "sight.only")}
      </Button>
    </div>
  );
}
