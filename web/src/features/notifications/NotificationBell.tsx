import { useQuery, useQueryClient } from "@tanstack/react-query";
import { Badge, Button } from "antd";
import { Bell, BellRing } from "lucide-react";
import { lazy, Suspense, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { useRight } from "@/api/session";
import { useNudge } from "@/live/nudges";
import { alarmsQuery, unreadQuery } from "./model/queries";
import { useAttention } from "./model/useAttention";
import { useMarkRead } from "./model/useMarkRead";
import styles from "./NotificationBell.module.css";

const NotificationDrawer = lazy(async () => ({
  default: (await import("./components/NotificationDrawer")).NotificationDrawer,
}));

/** What a user shall hear of, wherever they are: own notifications, and for administrators the alarms. One bell for both. */
export function NotificationBell() {
  const { t } = useTranslation("notifications");
  const queryClient = useQueryClient();
  const isAdministrator = useRight("admin");
  const markRead = useMarkRead();
  const newest = useRef<number>(undefined);
  const [isOpen, setOpen] = useState(false);
  const unread = useQuery(unreadQuery(() => newest.current)).data;
  newest.current = unread?.newest_id ?? newest.current;
  const alarms = useQuery({ ...alarmsQuery, enabled: isAdministrator }).data ?? [];
  useNudge("notifications", () => void queryClient.invalidateQueries({ queryKey: ["notifications"] }));
  useAttention(unread?.fresh, ({ id }) => void markRead({ ids: [id] }));

  const count = unread?.total ?? 0;
  const isCritical = alarms.some(({ severity }) => severity === "critical");
  const label = [
    count > 0 ? t("bellUnread", { count }) : t("bell"),
    alarms.length > 0 && t("bellAlarms", { count: alarms.length }),
  ];
  return (
    <>
      <Badge count={count + alarms.length} size="small" overflowCount={99} offset={[-6, 6]}>
        <Button
          type="text"
          className={styles.bell ?? ""}
          data-alarm={alarms.length === 0 ? undefined : isCritical ? "critical" : "warning"}
          icon={alarms.length > 0 ? <BellRing size={18} /> : <Bell size={18} />}
          aria-label={label.filter(Boolean).join(" · ")}
          aria-haspopup="dialog"
          onClick={() => setOpen(true)}
        />
      </Badge>
      {isOpen && (
        <Suspense fallback={null}>
          <NotificationDrawer
            alarms={alarms}
            unread={unread?.by_category ?? {}}
            newest={unread?.newest_id}
            onClose={() => setOpen(false)}
          />
        </Suspense>
      )}
    </>
  );
}
