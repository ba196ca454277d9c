import { Select } from "antd";
import { useTranslation } from "react-i18next";
import { type Medium, media, waitOrders } from "../model/lines";
import type { LiveSearch } from "../model/search";
import styles from "./WaitingTools.module.css";

interface Props {
  search: LiveSearch;
  onSearch: (change: LiveSearch) => void;
}

/** Which of those who wait are shown, and in which order. The queue is chosen for the whole page. */
export function WaitingTools({ search, onSearch }: Props) {
  const { t } = useTranslation("monitor");
  return (
    <div className={styles.tools}>
      <Select<Medium | "all">
        size="small"
        value={search.medium ?? "all"}
        aria-label={t("waiting.medium")}
        popupMatchSelectWidth={false}
        options={(["all", ...media] as const).map((value) => ({ value, label: t(`waiting.media.${value}`) }))}
        onChange={(medium) => onSearch({ ...search, medium: medium === "all" ? undefined : medium })}
      />
      <Select
        size="small"
        value={search.line ?? "longest"}
        aria-label={t("waiting.order")}
        popupMatchSelectWidth={false}
        options={waitOrders.map((value) => ({ value, label: t(`waiting.by.${value}`) }))}
        onChange={(line) => onSearch({ ...search, line: line === "longest" ? undefined : line })}
      />
    </div>
  );
}
