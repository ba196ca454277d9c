import { useQuery } from "@tanstack/react-query";
import { App, Button, Drawer, Skeleton } from "antd";
import { useTranslation } from "react-i18next";
import { useIsViewing, useRight, useTimeZone } from "@/api/session";
import { formatInstant } from "@/lib/time";
import { ErrorNotice } from "@/ui/ErrorNotice";
import { Markdown } from "@/ui/Markdown";
import {
  acknowledgeNotice,
  type Notice,
  noticeQuery,
  publishNotice,
  remindOfNotice,
  removeNotice,
  withdrawNotice,
} from "../model/queries";
import { useDoing } from "../model/useDoing";
import styles from "./Announcements.module.css";
import { NoticeReaders } from "./NoticeReaders";

/** One notice: to read and acknowledge; for writers to publish, withdraw, and see who has read it. */
export function NoticeDrawer({ id, onClose }: { id: number; onClose: () => void }) {
  const { t } = useTranslation("announcements");
  const zone = useTimeZone();
  const isWriter = useRight("notices.write");
  const { data, error, refetch } = useQuery(noticeQuery(id));
  return (
    <Drawer open size={560} title={data?.title ?? t("tab.notices")} onClose={onClose}>
      {error && <ErrorNotice error={error} onRetry={() => void refetch()} />}
      {!data && !error && <Skeleton active />}
      {data && (
        <div className={styles.stack}>
          <p className={styles.minor}>
            {data.author?.name} · {formatInstant(data.starts_at, zone)} – {formatInstant(data.ends_at, zone)}
          </p>
          <Markdown text={data.text} />
          <NoticeActions notice={data} onClose={onClose} />
          {isWriter && data.state !== "draft" && data.state !== "planned" && <NoticeReaders notice={data} />}
        </div>
      )}
    </Drawer>
  );
}

function NoticeActions({ notice, onClose }: { notice: Notice; onClose: () => void }) {
  const { t } = useTranslation("announcements");
  const { message, modal } = App.useApp();
  const zone = useTimeZone();
  const isWriter = useRight("notices.write");
  const doing = useDoing("notices");
  const isViewing = useIsViewing();
  const { id, state } = notice;
  const remind = () =>
    doing(async () => {
      const { count } = await remindOfNotice(id);
      message.success(t("notice.reminded", { count }));
    });
  const withdraw = () =>
    modal.confirm({
      title: t("notice.withdrawSure"),
      okText: t("notice.withdraw"),
      onOk: () => doing(() => withdrawNotice(id), t("notice.withdrawn")),
    });
  const remove = async () => {
    if (await doing(() => removeNotice(id), t("removed"))) onClose();
  };
  return (
    <div className={styles.buttons}>
      {notice.acknowledged_at && (
        <span>{t("notice.acknowledgedAt", { time: formatInstant(notice.acknowledged_at, zone) })}</span>
      )}
      {state === "running" && notice.is_for_me && !notice.acknowledged_at && (
        <Button
          type="primary"
          disabled={isViewing}
          onClick={() => void doing(() => acknowledgeNotice(id), t("notice.thanks"))}
        >
          {t("acknowledge")}
        </Button>
      )}
      {isWriter && state === "draft" && (
        <>
          <Button danger onClick={() => void remove()}>
            {t("remove")}
          </Button>
          <Button type="primary" onClick={() => void doing(() => publishNotice(id), t("notice.published"))}>
            {t("notice.publish")}
          </Button>
        </>
      )}
      {isWriter && state === "running" && <Button onClick={() => void remind()}>{t("notice.remind")}</Button>}
      {isWriter && (state === "running" || state === "planned") && (
        <Button danger onClick={withdraw}>
          {t("notice.withdraw")}
        </Button>
      )}
    </div>
  );
}
