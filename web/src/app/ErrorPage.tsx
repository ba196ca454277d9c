import { type ErrorComponentProps, useRouter } from "@tanstack/react-router";
import { Button } from "antd";
import { CircleAlert } from "lucide-react";
import { useTranslation } from "react-i18next";
import { problemText } from "@/api/problem-text";
import { EmptyState } from "@/ui/EmptyState";
import styles from "./Page.module.css";

/** A page failed. The bar above it, and with it the call, goes on. */
export function ErrorPage({ error, reset }: ErrorComponentProps) {
  const { t } = useTranslation();
  const router = useRouter();
  const retry = () => {
    reset();
    void router.invalidate();
  };
  return (
    <div className={styles.centre} role="alert">
      <EmptyState
        isPage
        icon={CircleAlert}
        title={t("failure.title")}
        hint={problemText(error)}
        action={
          <Button type="primary" onClick={retry}>
            {t("failure.retry")}
          </Button>
        }
      />
    </div>
  );
}
