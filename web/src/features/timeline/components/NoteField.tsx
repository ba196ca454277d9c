import { useQuery } from "@tanstack/react-query";
import { Button, Mentions } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { mentionedIn, typedName } from "../model/mentions";
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
        onSelect={({ value }) => {
          const chosen = found.data?.items.find(({ name }) => name === value);
          if (chosen) setPeople([...people, { id: chosen.id, name: chosen.name }]);
        }}
        onChange={(next) => {
          setText(next);
          const typed = typedName(next); // also where no key was pressed: pasted, spoken, from an input method
          if (typed !== undefined) setSearch(typed);
        }}
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
