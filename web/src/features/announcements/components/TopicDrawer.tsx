import { useQuery, useQueryClient } from "@tanstack/react-query";
import { App, Button, Drawer, Pagination, Skeleton } from "antd";
import { Lock, LockOpen, Pin, PinOff, Trash2 } from "lucide-react";
import { useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import { useRight } from "@/api/session";
import { ErrorNotice } from "@/ui/ErrorNotice";
import { changeTopic, postsQuery, removeTopic, type Topic, topicQuery, visitTopic } from "../model/queries";
import { useDoing } from "../model/useDoing";
import styles from "./Announcements.module.css";
import { PostItem } from "./PostItem";
import { ReplyForm } from "./ReplyForm";

const PAGE_SIZE = 20;

/** One topic with its posts from the beginning on; opening it is a visit. */
export function TopicDrawer({ id, onClose }: { id: number; onClose: () => void }) {
  const { t } = useTranslation("announcements");
  const queryClient = useQueryClient();
  const mayWrite = useRight("forum.write");
  const isModerator = useRight("forum.moderate");
  const [page, setPage] = useState(1);
  const topic = useQuery(topicQuery(id));
  const posts = useQuery(postsQuery(id, page));
  const isNew = topic.data?.is_new;
  useEffect(() => {
    if (!isNew) return;
    visitTopic(id)
      .then(() => queryClient.invalidateQueries({ queryKey: ["forum"] }))
      .catch(() => undefined); // it stays new
  }, [id, isNew, queryClient]);
  const data = topic.data;
  return (
    <Drawer
      open
      size={640}
      title={data?.title ?? t("tab.forum")}
      onClose={onClose}
      extra={data && isModerator && <Moderation topic={data} onRemoved={onClose} />}
    >
      {(topic.error || posts.error) && <ErrorNotice error={topic.error ?? posts.error} />}
      {!posts.data && !posts.error && <Skeleton active />}
      <div className={styles.stack}>
        {posts.data?.items.map((post) => (
          <PostItem key={post.id} post={post} />
        ))}
        {(posts.data?.total ?? 0) > PAGE_SIZE && (
          <Pagination
            size="small"
            current={page}
            pageSize={PAGE_SIZE}
            total={posts.data?.total ?? 0}
            onChange={setPage}
          />
        )}
        {data?.is_locked && <p className={styles.minor}>{t("forum.lockedHint")}</p>}
        {data && mayWrite && (!data.is_locked || isModerator) && <ReplyForm topic={id} />}
      </div>
    </Drawer>
  );
}

function Moderation({ topic, onRemoved }: { topic: Topic; onRemoved: () => void }) {
  const { t } = useTranslation("announcements");
  const { modal } = App.useApp();
  const doing = useDoing("forum");
  const remove = () =>
    modal.confirm({
      title: t("forum.removeSure"),
      okText: t("remove"),
      okButtonProps: { danger: true },
      onOk: async () => {
        if (await doing(() => removeTopic(topic.id), t("removed"))) onRemoved();
      },
    });
  return (
    <>
      <Button
        type="text"
        icon={topic.is_pinned ? <PinOff size={16} /> : <Pin size={16} />}
        aria-label={t(topic.is_pinned ? "forum.unpin" : "forum.pin")}
        onClick={() => void doing(() => changeTopic(topic.id, { is_pinned: !topic.is_pinned }))}
      />
      <Button
        type="text"
        icon={topic.is_locked ? <LockOpen size={16} /> : <Lock size={16} />}
        aria-label={t(topic.is_locked ? "forum.unlock" : "forum.lock")}
        onClick={() => void doing(() => changeTopic(topic.id, { is_locked: !topic.is_locked }))}
      />
      <Button
        type="text"
        danger
        icon={<Trash2 size={16} />}
        aria-label={t("forum.remove")}
        onClick={remove}
      />
    </>
  );
}
