import { Link } from "@tanstack/react-router";
import { lazy, Suspense } from "react";
import { useTranslation } from "react-i18next";
import { useUser } from "@/api/session";
import styles from "./NavigationRail.module.css";
import { navigationFor } from "./navigation";

const TaskCount = lazy(async () => ({ default: (await import("@/features/tasks/TaskCount")).TaskCount }));

export function NavigationRail() {
  const { t } = useTranslation();
  const user = useUser();
  return (
    <nav className={styles.rail} aria-label={t("shell.navigation")}>
      {navigationFor(user).map(({ path, label, icon: Icon }) => (
        <Link key={path} to={path} className={styles.item} activeProps={{ className: styles.active ?? "" }}>
          <span className={styles.icon}>
            <Icon size={20} aria-hidden />
            {label === "tasks" && (
              <Suspense fallback={null}>
                <TaskCount />
              </Suspense>
            )}
          </span>
          <span>{t(`navigation.${label}`)}</span>
        </Link>
      ))}
    </nav>
  );
}
