import { useQuery } from "@tanstack/react-query";
import { Outlet, useNavigate } from "@tanstack/react-router";
import { lazy, Suspense, useEffect } from "react";
import { useTranslation } from "react-i18next";
import { sessionQuery, useRight, useUser } from "@/api/session";
import { connectLive, useLive } from "@/live/store";
import { ConnectionBanner } from "./ConnectionBanner";
import { NavigationRail } from "./NavigationRail";
import { PagePending } from "./PagePending";
import { forgetUser } from "./query-client";
import styles from "./Shell.module.css";
import { useSettingsRefresh } from "./useSettingsRefresh";

/** Needs Ant Design's menu, a twentieth of the shell: it comes when the page stands. */
const UserMenu = lazy(async () => ({ default: (await import("./UserMenu")).UserMenu }));
const Softphone = lazy(async () => ({ default: (await import("@/features/softphone/Softphone")).Softphone }));
const TelephoneBanners = lazy(async () => ({
  default: (await import("@/features/softphone/TelephoneBanners")).TelephoneBanners,
}));

const SightBanner = lazy(async () => ({
  default: (await import("@/features/softphone/SightBanner")).SightBanner,
}));
const LifeBanner = lazy(async () => ({
  default: (await import("@/features/softphone/rests/LifeBanner")).LifeBanner,
}));

const RestBanner = lazy(async () => ({
  default: (await import("@/features/supervision/rest-requests/RestBanner")).RestBanner,
}));

const ViewingBanner = lazy(async () => ({
  default: (await import("@/features/viewing/ViewingBanner")).ViewingBanner,
}));

const NoticeBar = lazy(async () => ({
  default: (await import("@/features/announcements/NoticeBar")).NoticeBar,
}));

const NotificationBell = lazy(async () => ({
  default: (await import("@/features/notifications/NotificationBell")).NotificationBell,
}));

const AFTER_FIRST_PAINT_MS = 300;

/** What stands around every page: the bar with state and telephone, the rail, the banners. */
export function Shell() {
  const { t } = useTranslation();
  const user = useUser();
  const viewing = useQuery(sessionQuery).data?.viewing;
  const hasDesk = useRight("desk") && user?.agent != null && !viewing;
  const leadsRests = useRight("agents.force") && hasDesk;
  const readsNotices = useRight("announcements.read");
  const isLoginOver = useLive((state) => state.isLoginOver);
  const navigate = useNavigate();
  useEffect(connectLive, []);
  const userId = user?.id;
  useEffect(() => {
    if (userId === undefined) return;
    const timer = setTimeout(async () => {
      const { loadPreferences } = await import("@/api/desk-preferences");
      await loadPreferences(userId).catch(() => undefined); // the defaults, or what this machine remembers
    }, AFTER_FIRST_PAINT_MS);
    return () => clearTimeout(timer);
  }, [userId]);
  useSettingsRefresh();
  useEffect(() => {
    if (!isLoginOver) return;
    void navigate({ to: "/login", search: { next: location.pathname + location.search } }).then(forgetUser);
  }, [isLoginOver, navigate]);

  return (
    <div className={styles.shell}>
      <a className={styles.skip} href="#page">
        {t("shell.skip")}
      </a>
      <header className={styles.bar}>
        <img className={styles.logo} src="/favicon.svg" alt={t("product")} width={32} height={32} />
        <div className={styles.telephone}>
          {hasDesk && (
            <Suspense fallback={null}>
              <Softphone />
            </Suspense>
          )}
        </div>
        <Suspense fallback={null}>
          <NotificationBell />
        </Suspense>
        <Suspense fallback={<span className={styles.user} />}>
          <UserMenu />
        </Suspense>
      </header>
      <div className={styles.banners}>
        {viewing && (
          <Suspense fallback={null}>
            <ViewingBanner viewing={viewing} />
          </Suspense>
        )}
        <ConnectionBanner />
        {readsNotices && (
          <Suspense fallback={null}>
            <NoticeBar />
          </Suspense>
        )}
        {hasDesk && (
          <Suspense fallback={null}>
            <TelephoneBanners />
            <SightBanner />
            <LifeBanner />
          </Suspense>
        )}
        {leadsRests && (
          <Suspense fallback={null}>
            <RestBanner />
          </Suspense>
        )}
      </div>
      <NavigationRail />
      <main className={styles.page} id="page" tabIndex={-1}>
        <Suspense fallback={<PagePending />}>
          <Outlet />
        </Suspense>
      </main>
    </div>
  );
}
