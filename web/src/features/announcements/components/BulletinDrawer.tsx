import { useQuery, useQueryClient } from "@tanstack/react-query";
import { App, Button, Drawer, Skeleton } from "antd";
import { useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import { useRight, useTimeZone } from "@/api/session";
import { formatInstant } from "@/lib/time";
import { ErrorNotice } from "@/ui/ErrorNotice";
import { Markdown } from "@/ui/Markdown";
import { bulletinQuery, readBulletin, removeBulletin } from "../model/queries";
import { useDoing } from "../model/useDoing";
import styles from "./Announcements.module.css";
import { BulletinForm } from "./BulletinForm";

/** One post of the bulletin; opening it counts its reader. */
export function BulletinDrawer({ id, onClose }: { id: number; onClose: () => void }) {
  const { t } = useTranslation("announcements");
  const { modal } = App.useApp();
  const zone = useTimeZone();
  const isWriter = useRight("bulletin.write");
  const queryClient = useQueryClient();
  const doing = useDoing("bulletins");
  const [isEditing, setEditing] = useState(false);
  const { data, error, refetch } = useQuery(bulletinQuery(id));
  const isUnread = data?.is_read === false;
  useEffect(() => {
    if (!isUnread) return;
    readBulletin(id)
      .then(() => queryClient.invalidateQueries({ queryKey: ["bulletins"] }))
      .catch(() => undefined); // it stays unread
  }, [id, isUnread, queryClient]);
  if (isEditing && data) return <BulletinForm bulletin={data} onClose={() => setEditing(false)} />;
  const remove = () =>
    modal.confirm({
      title: t("bulletin.removeSure"),
      okText: t("remove"),
      okButtonProps: { danger: true },
      onOk: async () => {
        if (await doing(() => removeBulletin(id), t("removed"))) onClose();
      },
    });
  return (
    <Drawer open size={600} title={data?.title ?? t("tab.bulletin")} onClose={onClose}>
      {error && <ErrorNotice error={error} onRetry={() => void refetch()} />}
      {!data && !error && <Skeleton active />}
      {data && (
        <div className={styles.stack}>
          <p className={styles.minor}>
            {[
              data.category,
              data.author?.name,
              formatInstant(data.published_at, zone),
              data.edited_at && t("edited", { time: formatInstant(data.edited_at, zone) }),
              t("bulletin.readBy", { count: data.reads }),
            ]
              .filter(Boolean)
              .join(" · ")}
          </p>
          <Markdown text={data.text} />
          {isWriter && (
            <div className={styles.buttons}>
              <Button danger onClick={remove}>
                {t("remove")}
              </Button>
              <Button onClick={() => setEditing(true)}>{t("edit")}</Button>
            </div>
          )}
        </div>
      )}
    </Drawer>
  );
}
