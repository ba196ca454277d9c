import { Skeleton } from "antd";
import { useTranslation } from "react-i18next";
import { ErrorNotice } from "@/ui/ErrorNotice";
import { Page } from "@/ui/Page";
import { PageHeader } from "@/ui/PageHeader";
import { Checklist } from "../components/Checklist";
import { useSetup } from "../model/useSetup";

/** From an empty company to the first call. What is done is seen from what there is, so it can be left at any step. */
export function ChecklistPage() {
  const { t } = useTranslation("setup");
  const { setup, error, retry } = useSetup();
  if (setup) return <Checklist setup={setup} />;
  return (
    <Page width="form">
      <PageHeader title={t("title")} hint={t("hint")} />
      {error === null ? (
        <Skeleton active paragraph={{ rows: 8 }} />
      ) : (
        <ErrorNotice error={error} onRetry={retry} />
      )}
    </Page>
  );
}
