import { Button } from "antd";
import { useEffect, useId, useRef } from "react";
import { useTranslation } from "react-i18next";
import { type Draft, placeOfNode } from "../model/draft";
import styles from "./DraftEditor.module.css";

interface Props {
  text: string;
  draft: Draft;
  onText: (text: string) => void;
  /** The node to go to, and a count that rises with every wish to go there. */
  wanted: { id: string; times: number } | null;
  isSaving: boolean;
  isDirty: boolean;
  isReadOnly: boolean;
  onSave: () => void;
  onRevert: () => void;
}

/** The draft as JSON. What cannot be read is told by line while typing; holes are told once it is saved. */
export function DraftEditor(props: Props) {
  const { text, draft, onText, wanted, isSaving, isDirty, isReadOnly, onSave, onRevert } = props;
  const { t } = useTranslation("flows");
  const area = useRef<HTMLTextAreaElement>(null);
  const told = useId();
  useEffect(() => {
    const element = area.current;
    const place = wanted && element ? placeOfNode(element.value, wanted.id) : null;
    if (!element || !place) return;
    element.focus();
    element.setSelectionRange(place.start, place.end);
    const line = element.value.slice(0, place.start).split("\n").length;
    element.scrollTop = Math.max(0, (line - 4) * Number.parseFloat(getComputedStyle(element).lineHeight));
  }, [wanted]);
  const isReadable = draft.kind === "graph";
  return (
    <div className={styles.editor}>
      <p className={styles.hint}>{t("editor.hint")}</p>
      <textarea
        ref={area}
        className={styles.text}
        value={text}
        spellCheck={false}
        readOnly={isReadOnly}
        aria-label={t("editor.label")}
        aria-invalid={!isReadable}
        aria-describedby={told}
        onChange={(event) => onText(event.target.value)}
      />
      <div className={styles.foot}>
        <p id={told} role="status" className={isReadable ? styles.fine : styles.wrong}>
          {draft.kind === "syntax" && t("editor.syntax", { line: draft.line })}
          {draft.kind === "shape" &&
            t(`editor.shape.${draft.problem.expected}`, { path: draft.problem.path })}
          {isReadable && (isDirty ? t("editor.unsaved") : t("editor.saved"))}
        </p>
        <Button disabled={!isDirty} onClick={onRevert}>
          {t("editor.revert")}
        </Button>
        <Button
          type="primary"
          disabled={isReadOnly || !isDirty || !isReadable}
          loading={isSaving}
          onClick={onSave}
        >
          {t("editor.save")}
        </Button>
      </div>
    </div>
  );
}
