import { Link } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { useUser } from "@/api/session";
import styles from "./NavigationRail.module.css";
import { navigationFor } from "./navigation";

export function NavigationRail() {
  const { t } = useTranslation();
  const user = useUser();
  return (
    <nav className={styles.rail} aria-label={t("shell.navigation")}>
      {navigationFor(user).map(({ path, label, icon: Icon }) => (
        <Link key={path} to={path} className={styles.item} activeProps={{ className: styles.active ?? "" }}>
          <Icon size={20} aria-hidden />
          <span>{t(`navigation.${label}`)}</span>
        </Link>
      ))}
    </nav>
  );
}
