import { Link } from "@tanstack/react-router";
import { Compass } from "lucide-react";
import { useTranslation } from "react-i18next";
import { EmptyState } from "@/ui/EmptyState";
import styles from "./Page.module.css";

/** Alone in the window, where nobody is logged in. */
export function NotFoundPage() {
  return (
    <main className={styles.centre}>
      <NoSuchPage />
    </main>
  );
}

/** Inside the shell: the rail, and a call that runs, stay in sight. */
export function MissingPage() {
  return (
    <div className={styles.centre}>
      <NoSuchPage />
    </div>
  );
}

function NoSuchPage() {
  const { t } = useTranslation();
  return (
    <EmptyState
      isPage
      icon={Compass}
      title={t("notFound.title")}
      hint={t("notFound.hint")}
      action={<Link to="/">{t("notFound.back")}</Link>}
    />
  );
}
