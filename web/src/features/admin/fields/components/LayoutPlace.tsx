import { Button, Popover } from "antd";
import { GripVertical, Settings2, X } from "lucide-react";
import { type KeyboardEvent, useState } from "react";
import { useTranslation } from "react-i18next";
import type { FormPlace, FormSection, RecordForm } from "@/ui/record-form/model";
import { fieldName, isRequired, removeField, type Sections, type Step } from "../model/layout";
import styles from "./LayoutEditor.module.css";
import { PlaceSettings } from "./PlaceSettings";

interface Props {
  form: RecordForm;
  sections: Sections;
  place: FormPlace;
  onSections: (sections: FormSection[]) => void;
  onStep: (field: string, step: Step) => void;
  onDropBefore: (field: string) => void;
}

const STEPS: Readonly<Record<string, Step>> = {
  ArrowUp: "up",
  ArrowDown: "down",
  ArrowLeft: "previous",
  ArrowRight: "next",
};

/** One field of the form being arranged: dragged, or moved by the arrow keys while its grip has the focus. */
export function LayoutPlace({ form, sections, place, onSections, onStep, onDropBefore }: Props) {
  const { t, i18n } = useTranslation("fields");
  const [isOver, setOver] = useState(false);
  const name = fieldName(form, place.field, i18n.language);
  const isNeeded = isRequired(form, place.field);
  const move = (event: KeyboardEvent) => {
    const step = STEPS[event.key];
    if (!step) return;
    event.preventDefault();
    onStep(place.field, step);
  };
  const marks = [
    isNeeded && t("layout.required"),
    place.is_wide && t("layout.wide"),
    place.is_read_only && t("layout.readOnly"),
    place.show_when && t("layout.conditional"),
  ].filter(Boolean);
  return (
    <li
      className={styles.place}
      data-over={isOver || undefined}
      draggable
      onDragStart={(event) => event.dataTransfer.setData("text/plain", place.field)}
      onDragEnter={() => setOver(true)}
      onDragLeave={() => setOver(false)}
      onDragOver={(event) => event.preventDefault()}
      onDrop={(event) => {
        event.preventDefault();
        event.stopPropagation();
        setOver(false);
        onDropBefore(event.dataTransfer.getData("text/plain"));
      }}
    >
      <Button
        type="text"
        size="small"
        className={styles.grip ?? ""}
        aria-label={t("layout.move", { name })}
        title={t("layout.moveHint")}
        icon={<GripVertical size={15} />}
        onKeyDown={move}
      />
      <span className={styles.name}>
        {name} <span className={styles.mark}>{marks.join(" · ")}</span>
      </span>
      <Popover
        trigger="click"
        destroyOnHidden
        content={<PlaceSettings form={form} sections={sections} place={place} onSections={onSections} />}
      >
        <Button
          type="text"
          size="small"
          aria-label={t("layout.settings", { name })}
          icon={<Settings2 size={15} />}
        />
      </Popover>
      <Button
        type="text"
        size="small"
        disabled={isNeeded}
        aria-label={t("layout.remove", { name })}
        title={isNeeded ? t("layout.neededHint") : t("layout.removeHint")}
        icon={<X size={15} />}
        onClick={() => onSections(removeField(sections, place.field))}
      />
    </li>
  );
}
