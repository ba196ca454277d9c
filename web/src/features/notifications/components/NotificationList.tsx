import { useInfiniteQuery } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { Button, Skeleton } from "antd";
import { AtSign, BellRing, ClipboardList, Clock, Info, type LucideIcon, Megaphone } from "lucide-react";
import { useTranslation } from "react-i18next";
import { useTimeZone } from "@/api/session";
import { formatInstant, formatShortInstant } from "@/lib/time";
import { useServerNow } from "@/live/useServerNow";
import { EmptyState } from "@/ui/EmptyState";
import { ErrorNotice } from "@/ui/ErrorNotice";
import { type Category, type Notification, notificationsQuery } from "../model/queries";
import { useMarkRead } from "../model/useMarkRead";
import { useSentence } from "../model/useSentence";
import styles from "./NotificationList.module.css";

const ICONS: Record<Category, LucideIcon> = {
  mention: AtSign,
  reminder: Clock,
  task: ClipboardList,
  notice: Megaphone,
  system: Info,
};

/** Newest first; a click reads it and goes where it belongs. */
export function NotificationList({ category, onClose }: { category: Category | ""; onClose: () => void }) {
  const { t } = useTranslation("notifications");
  const navigate = useNavigate();
  const markRead = useMarkRead();
  const { data, error, refetch, isPending, hasNextPage, fetchNextPage, isFetchingNextPage } =
    useInfiniteQuery(notificationsQuery(category));
  if (error) return <ErrorNotice error={error} onRetry={() => void refetch()} />;
  if (isPending) return <Skeleton active title={false} />;
  const items = data.pages.flatMap((page) => page.items);
  if (items.length === 0) return <EmptyState icon={BellRing} title={t("emptyTitle")} hint={t("emptyHint")} />;
  const open = (one: Notification) => {
    if (!one.read_at) void markRead({ ids: [one.id] });
    if (!one.link) return;
    onClose();
    void navigate({ to: one.link });
  };
  return (
    <>
      <ul className={styles.list}>
        {items.map((one) => (
          <li key={one.id}>
            <Row one={one} onOpen={() => open(one)} />
          </li>
        ))}
      </ul>
      {hasNextPage && (
        <Button block loading={isFetchingNextPage} onClick={() => void fetchNextPage()}>
          {t("more")}
        </Button>
      )}
    </>
  );
}

function Row({ one, onOpen }: { one: Notification; onOpen: () => void }) {
  const { t } = useTranslation("notifications");
  const sentence = useSentence();
  const zone = useTimeZone();
  const now_ms = useServerNow();
  const Icon = ICONS[one.category];
  return (
    <button type="button" className={styles.row} data-unread={one.read_at === null} onClick={onOpen}>
      <Icon size={16} className={styles.icon} role="img" aria-label={t(`category.${one.category}`)} />
      <span className={styles.text}>
        {sentence(one)}
        {one.read_at === null && <span className="visually-hidden">{t("unread")}</span>}
      </span>
      <time dateTime={one.created_at} title={formatInstant(one.created_at, zone)} className={styles.time}>
        {formatShortInstant(one.created_at, zone, now_ms)}
      </time>
    </button>
  );
}
