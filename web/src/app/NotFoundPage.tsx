import { Link } from "@tanstack/react-router";
import { Compass } from "lucide-react";
import { useTranslation } from "react-i18next";
import { EmptyState } from "@/ui/EmptyState";
import styles from "./Page.module.css";

export function NotFoundPage() {
  const { t } = useTranslation();
  return (
    <main className={styles.centre}>
      <EmptyState
        isPage
        icon={Compass}
        title={t("notFound.title")}
        hint={t("notFound.hint")}
        action={<Link to="/">{t("notFound.back")}</Link>}
      />
    </main>
  );
}
