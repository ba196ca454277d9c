import { Button, Input, Select } from "antd";
import { ArrowDown, ArrowUp, Trash2 } from "lucide-react";
import { useTranslation } from "react-i18next";
import type { FormSection, RecordForm } from "@/ui/record-form/model";
import {
  changeSection,
  moveSection,
  putField,
  removeSection,
  type Sections,
  type Step,
} from "../model/layout";
import styles from "./LayoutEditor.module.css";
import { LayoutPlace } from "./LayoutPlace";

interface Props {
  form: RecordForm;
  sections: Sections;
  section: FormSection;
  at: number;
  onSections: (sections: FormSection[]) => void;
  onStep: (field: string, step: Step) => void;
}

/** One section of the form being arranged: its name in both languages, its columns, and its fields. */
export function LayoutSection({ form, sections, section, at, onSections, onStep }: Props) {
  const { t } = useTranslation("fields");
  const number = at + 1;
  const drop = (field: string, index: number) =>
    onSections(putField(sections, field, { section: at, index }));
  return (
    <section className={styles.section} aria-label={t("layout.section", { number })}>
      <div className={styles.head}>
        <Input
          value={section.name ?? ""}
          maxLength={60}
          aria-label={t("layout.sectionName", { number })}
          placeholder={t("layout.sectionName", { number })}
          onChange={(event) => onSections(changeSection(sections, at, { name: event.target.value }))}
        />
        <Input
          value={section.name_en ?? ""}
          maxLength={60}
          aria-label={t("layout.sectionNameEn", { number })}
          placeholder={t("layout.sectionNameEn", { number })}
          onChange={(event) => onSections(changeSection(sections, at, { name_en: event.target.value }))}
        />
        <Select
          value={section.columns ?? 2}
          aria-label={t("layout.columnsOf", { number })}
          options={[1, 2, 3].map((count) => ({ value: count, label: t("layout.columns", { count }) }))}
          onChange={(columns) => onSections(changeSection(sections, at, { columns }))}
        />
        <span className={styles.spring} />
        <Button
          type="text"
          size="small"
          disabled={at === 0}
          aria-label={t("layout.sectionUp", { number })}
          icon={<ArrowUp size={15} />}
          onClick={() => onSections(moveSection(sections, at, -1))}
        />
        <Button
          type="text"
          size="small"
          disabled={at === sections.length - 1}
          aria-label={t("layout.sectionDown", { number })}
          icon={<ArrowDown size={15} />}
          onClick={() => onSections(moveSection(sections, at, 1))}
        />
        <Button
          type="text"
          size="small"
          disabled={sections.length === 1}
          aria-label={t("layout.removeSection", { number })}
          title={t("layout.removeSectionHint")}
          icon={<Trash2 size={15} />}
          onClick={() => onSections(removeSection(sections, at))}
        />
      </div>
      <ul
        className={styles.places}
        onDragOver={(event) => event.preventDefault()}
        onDrop={(event) => {
          event.preventDefault();
          drop(event.dataTransfer.getData("text/plain"), section.places.length);
        }}
      >
        {section.places.map((place, index) => (
          <LayoutPlace
            key={place.field}
            form={form}
            sections={sections}
            place={place}
            onSections={onSections}
            onStep={onStep}
            onDropBefore={(field) => drop(field, index)}
          />
        ))}
      </ul>
    </section>
  );
}
