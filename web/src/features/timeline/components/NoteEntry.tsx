import { useQuery } from "@tanstack/react-query";
import { Button, Popconfirm, Popover } from "antd";
import { History, Pencil, Pin, PinOff, Trash2 } from "lucide-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useRight, useTimeZone, useUser } from "@/api/session";
import { formatInstant } from "@/lib/time";
import { StatusTag } from "@/ui/StatusTag";
import { type Note, revisionsQuery } from "../model/queries";
import { useNotes } from "../model/useNotes";
import styles from "./Entry.module.css";
import { MentionText } from "./MentionText";
import { NoteField } from "./NoteField";

/** What somebody wrote; its author changes it, everybody pins it, and what it said before can be read. */
export function NoteEntry({ note }: { note: Note }) {
  const { t } = useTranslation("timeline");
  const zone = useTimeZone();
  const notes = useNotes();
  const [isEditing, setEditing] = useState(false);
  return (
    <>
      <p className={styles.line}>
        <time dateTime={note.created_at} className={styles.when}>
          {formatInstant(note.created_at, zone).slice(11)}
        </time>
        <span>{t("note.by", { name: note.author?.name ?? t("note.gone") })}</span>
        {note.is_pinned && <StatusTag tone="acw">{t("note.pinned")}</StatusTag>}
        {note.edited_at && <Revisions note={note.id} />}
        <NoteButtons note={note} onEdit={() => setEditing(true)} />
      </p>
      {isEditing ? (
        <NoteField
          initial={note}
          onSave={async (text, mentions) => {
            if (await notes.change(note.id, { text, mentions })) setEditing(false);
          }}
          onCancel={() => setEditing(false)}
        />
      ) : (
        <p className={styles.text}>
          <MentionText text={note.text} mentions={note.mentions} />
        </p>
      )}
    </>
  );
}

function NoteButtons({ note, onEdit }: { note: Note; onEdit: () => void }) {
  const { t } = useTranslation("timeline");
  const user = useUser();
  const mayWrite = useRight("customers.write");
  const isAdministrator = useRight("admin");
  const notes = useNotes();
  const isMine = note.author !== null && note.author.id === user?.id;
  if (!mayWrite) return null;
  return (
    <span>
      <Button
        type="text"
        size="small"
        icon={note.is_pinned ? <PinOff size={14} /> : <Pin size={14} />}
        aria-label={note.is_pinned ? t("note.unpin") : t("note.pin")}
        onClick={() => void notes.change(note.id, { is_pinned: !note.is_pinned })}
      />
      {isMine && (
        <Button
          type="text"
          size="small"
          icon={<Pencil size={14} />}
          aria-label={t("note.edit")}
          onClick={onEdit}
        />
      )}
      {(isMine || isAdministrator) && (
        <Popconfirm title={t("note.deleteSure")} onConfirm={() => void notes.remove(note.id)}>
          <Button type="text" size="small" icon={<Trash2 size={14} />} aria-label={t("note.delete")} />
        </Popconfirm>
      )}
    </span>
  );
}

function Revisions({ note }: { note: number }) {
  const { t } = useTranslation("timeline");
  const zone = useTimeZone();
  const [isOpen, setOpen] = useState(false);
  const { data } = useQuery({ ...revisionsQuery(note), enabled: isOpen });
  return (
    <Popover
      trigger="click"
      title={t("note.revisions")}
      open={isOpen}
      onOpenChange={setOpen}
      content={data?.items.map((revision) => (
        <div key={revision.written_at}>
          <span className={styles.facts}>{formatInstant(revision.written_at, zone)}</span>
          <p className={styles.text}>{revision.text}</p>
        </div>
      ))}
    >
      <Button type="text" size="small" icon={<History size={14} />}>
        {t("note.edited")}
      </Button>
    </Popover>
  );
}
