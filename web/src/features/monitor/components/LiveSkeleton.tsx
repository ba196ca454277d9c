import { Skeleton } from "antd";
import { useTranslation } from "react-i18next";
import { Card, Page } from "@/ui/Page";
import { PageHeader } from "@/ui/PageHeader";

/** The lead's page before the first snapshot. */
export function LiveSkeleton() {
  const { t } = useTranslation("monitor");
  return (
    <Page>
      <PageHeader title={t("title")} hint={t("connecting")} />
      <Card>
        <Skeleton active title={false} paragraph={{ rows: 6 }} />
      </Card>
    </Page>
  );
}
