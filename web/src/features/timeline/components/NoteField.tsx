import { useQuery } from "@tanstack/react-query";
import { Button, Mentions } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { mentionedIn } from "../model/mentions";
import { colleaguesQuery, type Person } from "../model/queries";
import styles from "./NoteField.module.css";

interface Props {
  initial?: { text: string; mentions: readonly Person[] };
  onSave: (text: string, mentions: number[]) => Promise<void>;
  onCancel: () => void;
}

/** Where a note is written. "@" offers colleagues by name and pinyin; the keys of an input method are its own. */
export function NoteField({ initial, onSave, onCancel }: Props) {
  const { t } = useTranslation(["timeline", "ui"]);
  const [text, setText] = useState(initial?.text ?? "");
  const [people, setPeople] = useState<readonly Person[]>(initial?.mentions ?? []);
  const [search, setSearch] = useState<string>();
  const [isSaving, setSaving] = useState(false);
  const found = useQuery({ ...colleaguesQuery(search ?? ""), enabled: search !== undefined });
  const save = async () => {
    if (!text.trim() || isSaving) return;
    setSaving(true);
    await onSave(text.trim(), mentionedIn(text, people));
    setSaving(false);
  };
  return (
    <div className={styles.field}>
      <Mentions
        autoFocus
        rows={3}
        maxLength={5000}
        value={text}
        aria-label={t("note.write")}
        placeholder={t("note.placeholder")}
        loading={found.isFetching}
        filterOption={false}
        notFoundContent={t("note.noColleague")}
        options={(found.data?.items ?? []).map(({ id, name }) => ({
          value: name,
          label: name,
          key: String(id),
        }))}
        onSearch={setSearch}
        onSelect={({ key, value }) => setPeople([...people, { id: Number(key), name: value ?? "" }])}
        onChange={setText}
        onKeyDown={(event) => {
          if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey) || event.nativeEvent.isComposing)
            return;
          event.preventDefault();
          void save();
        }}
      />
      <div className={styles.buttons}>
        <Button onClick={onCancel}>{t("ui:cancel")}</Button>
        <Button type="primary" loading={isSaving} disabled={!text.trim()} onClick={() => void save()}>
          {t("note.save")}
        </Button>
      </div>
    </div>
  );
}
