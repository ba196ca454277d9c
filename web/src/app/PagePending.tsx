import { Spin } from "antd";
import { useTranslation } from "react-i18next";
import styles from "./Page.module.css";

export function PagePending() {
  const { t } = useTranslation();
  return (
    <div className={styles.centre} role="status" aria-label={t("shell.loading")}>
      <Spin />
    </div>
  );
}
