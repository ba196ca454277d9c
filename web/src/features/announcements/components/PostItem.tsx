import { App, Button, Input } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useRight, useTimeZone, useUser } from "@/api/session";
import { formatInstant } from "@/lib/time";
import { Markdown } from "@/ui/Markdown";
import { changePost, type Post, removePost } from "../model/queries";
import { useDoing } from "../model/useDoing";
import styles from "./Announcements.module.css";

/** One post; its author changes it, its author and moderators remove it. */
export function PostItem({ post }: { post: Post }) {
  const { t } = useTranslation("announcements");
  const { modal } = App.useApp();
  const zone = useTimeZone();
  const isMine = useUser()?.id === post.author?.id;
  const isModerator = useRight("forum.moderate");
  const doing = useDoing("forum");
  const [draft, setDraft] = useState<string>();
  const save = async () => {
    if (await doing(() => changePost(post.id, draft ?? ""), t("saved"))) setDraft(undefined);
  };
  const remove = () =>
    modal.confirm({
      title: t("forum.removePostSure"),
      okText: t("remove"),
      okButtonProps: { danger: true },
      onOk: () => doing(() => removePost(post.id), t("removed")),
    });
  return (
    <article className={styles.post}>
      <div className={styles.postHead}>
        <strong>{post.author?.name ?? "—"}</strong>
        <time className={styles.minor} dateTime={post.created_at}>
          {formatInstant(post.created_at, zone)}
        </time>
        {post.edited_at && <span className={styles.minor}>{t("editedShort")}</span>}
        {!post.is_removed && (isMine || isModerator) && draft === undefined && (
          <span>
            {isMine && (
              <Button size="small" type="text" onClick={() => setDraft(post.text)}>
                {t("edit")}
              </Button>
            )}
            <Button size="small" type="text" onClick={remove}>
              {t("remove")}
            </Button>
          </span>
        )}
      </div>
      {post.is_removed && <p className={styles.minor}>{t("forum.removedPost")}</p>}
      {!post.is_removed && draft === undefined && <Markdown text={post.text} />}
      {draft !== undefined && (
        <>
          <Input.TextArea
            rows={5}
            maxLength={20000}
            aria-label={t("text")}
            value={draft}
            onChange={(event) => setDraft(event.target.value)}
          />
          <div className={styles.buttons}>
            <Button onClick={() => setDraft(undefined)}>{t("cancel")}</Button>
            <Button type="primary" disabled={!draft.trim()} onClick={() => void save()}>
              {t("save")}
            </Button>
          </div>
        </>
      )}
      {post.mentions.length > 0 && !post.is_removed && (
        <p className={styles.minor}>{post.mentions.map(({ name }) => `@${name}`).join(" ")}</p>
      )}
    </article>
  );
}
