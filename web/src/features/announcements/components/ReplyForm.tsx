import { Button, Input, Select } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useLive } from "@/live/store";
import { replyTo } from "../model/queries";
import { useDoing } from "../model/useDoing";
import styles from "./Announcements.module.css";

/** Write a post below the others, and tell colleagues of it. */
export function ReplyForm({ topic }: { topic: number }) {
  const { t } = useTranslation("announcements");
  const doing = useDoing("forum");
  const colleagues = useLive((state) => state.colleagues);
  const [text, setText] = useState("");
  const [mentions, setMentions] = useState<number[]>([]);
  const [isSending, setSending] = useState(false);
  const send = async () => {
    setSending(true);
    if (await doing(() => replyTo(topic, { text, mentions }), t("forum.sent"))) {
      setText("");
      setMentions([]);
    }
    setSending(false);
  };
  return (
    <form
      className={styles.stack}
      aria-label={t("forum.reply")}
      onSubmit={(event) => {
        event.preventDefault();
        void send();
      }}
    >
      <Input.TextArea
        rows={4}
        maxLength={20000}
        aria-label={t("forum.reply")}
        placeholder={t("forum.replyHint")}
        value={text}
        onChange={(event) => setText(event.target.value)}
      />
      <div className={styles.buttons}>
        <Select
          mode="multiple"
          style={{ flex: 1 }}
          value={mentions}
          onChange={setMentions}
          optionFilterProp="label"
          placeholder={t("forum.mention")}
          aria-label={t("forum.mention")}
          options={colleagues.map(({ id, name }) => ({ value: id, label: name }))}
        />
        <Button type="primary" htmlType="submit" loading={isSending} disabled={!text.trim()}>
          {t("forum.reply")}
        </Button>
      </div>
    </form>
  );
}
