import { useNavigate, useSearch } from "@tanstack/react-router";
import { Skeleton } from "antd";
import { lazy, Suspense } from "react";
import { useTranslation } from "react-i18next";
import { Card, Page } from "@/ui/Page";
import { PageHeader } from "@/ui/PageHeader";
import { TabStrip } from "@/ui/TabStrip";
import type { Tab } from "../model/search";

const NoticesTab = lazy(async () => ({ default: (await import("../components/NoticesTab")).NoticesTab }));
const BulletinTab = lazy(async () => ({ default: (await import("../components/BulletinTab")).BulletinTab }));
const ForumTab = lazy(async () => ({ default: (await import("../components/ForumTab")).ForumTab }));

/** What colleagues tell each other: notices, the bulletin, the forum. */
export function AnnouncementsPage() {
  const { t } = useTranslation("announcements");
  const { tab = "notices" } = useSearch({ from: "/shell/announcements" });
  const navigate = useNavigate();
  return (
    <Page>
      <PageHeader title={t("title")} hint={t("hint")} />
      <Card>
        <TabStrip
          label={t("title")}
          shown={tab}
          onShow={(key) =>
            void navigate({ to: "/announcements", search: key === "notices" ? {} : { tab: key as Tab } })
          }
          tabs={[
            { key: "notices", label: t("tab.notices"), content: <Lazy part={<NoticesTab />} /> },
            { key: "bulletin", label: t("tab.bulletin"), content: <Lazy part={<BulletinTab />} /> },
            { key: "forum", label: t("tab.forum"), content: <Lazy part={<ForumTab />} /> },
          ]}
        />
      </Card>
    </Page>
  );
}

function Lazy({ part }: { part: React.ReactNode }) {
  return <Suspense fallback={<Skeleton active />}>{part}</Suspense>;
}
