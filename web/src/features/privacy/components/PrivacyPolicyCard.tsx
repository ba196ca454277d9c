import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { App, Switch } from "antd";
import { useTranslation } from "react-i18next";
import { ErrorNotice } from "@/ui/ErrorNotice";
import { Card } from "@/ui/Page";
import { privacyPolicyQuery, savePrivacyPolicy } from "../model/queries";
import styles from "./PersonalData.module.css";

/** Whether a second person has to agree. */
export function PrivacyPolicyCard() {
  const { t } = useTranslation("privacy");
  const { message } = App.useApp();
  const client = useQueryClient();
  const policy = useQuery(privacyPolicyQuery);
  const save = useMutation({
    mutationFn: savePrivacyPolicy,
    onSuccess: (saved) => {
      client.setQueryData(privacyPolicyQuery.queryKey, saved);
      void message.success(t("policy.saved"));
    },
  });
  return (
    <Card title={t("policy.title")}>
      <div className={styles.column}>
        <div className={styles.switch}>
          <Switch
            id="privacy-needs-approval"
            checked={policy.data?.needs_approval ?? false}
            loading={policy.isPending || save.isPending}
            onChange={(isWanted) => save.mutate(isWanted)}
          />
          <label htmlFor="privacy-needs-approval">{t("policy.label")}</label>
        </div>
        <p className={styles.minor}>{t("policy.hint")}</p>
        {policy.error && <ErrorNotice error={policy.error} onRetry={() => void policy.refetch()} />}
        {save.error && <ErrorNotice error={save.error} />}
      </div>
    </Card>
  );
}
