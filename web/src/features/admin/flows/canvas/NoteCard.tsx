import type { NodeProps } from "@xyflow/react";
import { memo } from "react";
import { useTranslation } from "react-i18next";
import { useCanvasWords } from "./CanvasContext";
import type { NoteNode } from "./drawing";
import styles from "./NoteCard.module.css";

/** Words that somebody pinned to the canvas. */
export const NoteCard = memo(function NoteCard({ data: { note }, selected }: NodeProps<NoteNode>) {
  const { t } = useTranslation("flows");
  const { onNote } = useCanvasWords();
  return (
    <div className={styles.note} data-selected={selected}>
      <textarea
        className={`${styles.words} nodrag nopan nowheel`}
        aria-label={t("canvas.note")}
        placeholder={t("canvas.notePlaceholder")}
        value={note.text}
        maxLength={500}
        readOnly={!onNote}
        onChange={(event) => onNote?.(note.id, event.target.value)}
      />
    </div>
  );
});
