import { useQuery } from "@tanstack/react-query";
import { Button, Skeleton, Tabs } from "antd";
import { Plus } from "lucide-react";
import { lazy, Suspense } from "react";
import { useTranslation } from "react-i18next";
import { localName } from "@/lib/names";
import { ErrorNotice } from "@/ui/ErrorNotice";
import { ExportButton } from "@/ui/ExportButton";
import { Card, Page } from "@/ui/Page";
import { PageHeader } from "@/ui/PageHeader";
import { useSettingsSearch } from "../../model/useSettingsSearch";
import { FieldsTable } from "../components/FieldsTable";
import { subjectsQuery } from "../model/queries";

const LayoutTab = lazy(async () => ({ default: (await import("../components/LayoutTab")).LayoutTab }));

/** What a company adds to its records without code: the fields, and where they stand on the forms of each type. */
export function FieldsPage() {
  const { t, i18n } = useTranslation("fields");
  const { search, filter, open } = useSettingsSearch();
  const subjects = useQuery(subjectsQuery);
  const subject = subjects.data?.items[0];
  const tab = search.kind ?? "fields";
  return (
    <Page>
      <PageHeader
        title={t("title")}
        hint={t("pageHint")}
        actions={
          <>
            <ExportButton path="/api/fields" query={{}} />
            <Button type="primary" icon={<Plus size={16} />} onClick={() => open("new")}>
              {t("add")}
            </Button>
          </>
        }
      />
      {subjects.error && <ErrorNotice error={subjects.error} onRetry={() => void subjects.refetch()} />}
      {subjects.isPending && <Skeleton active />}
      {subject && (
        <Card>
          <Tabs
            activeKey={tab}
            onChange={(key) => filter({ kind: key === "fields" ? undefined : key })}
            destroyOnHidden
            items={[
              {
                key: "fields",
                label: t("tab.fields", { subject: localName(subject, i18n.language) }),
                children: <FieldsTable subject={subject.code} />,
              },
              ...subject.variants.map((variant) => ({
                key: variant.code,
                label: t("tab.layout", { variant: localName(variant, i18n.language) }),
                children: (
                  <Suspense fallback={<Skeleton active />}>
                    <LayoutTab subject={subject.code} variant={variant.code} />
                  </Suspense>
                ),
              })),
            ]}
          />
        </Card>
      )}
    </Page>
  );
}
