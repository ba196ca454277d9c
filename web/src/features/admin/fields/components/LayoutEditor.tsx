import { App, Button } from "antd";
import { Plus } from "lucide-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { FormSection, RecordForm } from "@/ui/record-form/model";
import {
  addSection,
  fieldName,
  putField,
  removeField,
  type Sections,
  type Step,
  spotOf,
  stepField,
  unplaced,
} from "../model/layout";
import styles from "./LayoutEditor.module.css";
import { LayoutPreview } from "./LayoutPreview";
import { LayoutSection } from "./LayoutSection";

interface Props {
  form: RecordForm;
  onSave: (sections: Sections) => Promise<void>;
  onReset: () => Promise<void>;
}

/** Arrange a form by dragging or by keys, with the form as it will be beside it. */
export function LayoutEditor({ form, onSave, onReset }: Props) {
  const { t, i18n } = useTranslation("fields");
  const { modal } = App.useApp();
  const [sections, setSections] = useState<readonly FormSection[]>(form.sections);
  const [isSaving, setSaving] = useState(false);
  const [said, setSaid] = useState("");
  const isChanged = JSON.stringify(sections) !== JSON.stringify(form.sections);
  const named = (field: string) => fieldName(form, field, i18n.language);
  const left = unplaced(form, sections);

  const step = (field: string, by: Step) => {
    const next = stepField(sections, field, by);
    const spot = spotOf(next, field);
    setSections(next);
    if (spot)
      setSaid(t("layout.moved", { name: named(field), section: spot.section + 1, place: spot.index + 1 }));
  };
  const save = async () => {
    setSaving(true);
    await onSave(sections).finally(() => setSaving(false));
  };
  return (
    <div className={styles.editor}>
      <div className={styles.sections}>
        <p className={styles.hint}>{t("layout.hint")}</p>
        {sections.map((section, at) => (
          <LayoutSection
            // biome-ignore lint/suspicious/noArrayIndexKey: a section has nothing but its place to be known by
            key={at}
            form={form}
            sections={sections}
            section={section}
            at={at}
            onSections={setSections}
            onStep={step}
          />
        ))}
        <Button
          type="dashed"
          icon={<Plus size={15} />}
          onClick={() =>
            setSections(
              addSection(
                sections,
                t("layout.newSection", { lng: "zh" }),
                t("layout.newSection", { lng: "en" }),
              ),
            )
          }
        >
          {t("layout.addSection")}
        </Button>
        <section
          className={styles.left}
          aria-label={t("layout.unplaced")}
          onDragOver={(event) => event.preventDefault()}
          onDrop={(event) => {
            event.preventDefault();
            setSections(removeField(sections, event.dataTransfer.getData("text/plain")));
          }}
        >
          <h2>{t("layout.unplaced")}</h2>
          <p className={styles.hint}>{t("layout.unplacedHint")}</p>
          <div className={styles.chips}>
            {left.map((field) => (
              <Button
                key={field}
                size="small"
                draggable
                icon={<Plus size={13} />}
                aria-label={t("layout.add", { name: named(field) })}
                onDragStart={(event) => event.dataTransfer.setData("text/plain", field)}
                onClick={() => {
                  const section = sections.length - 1;
                  const index = sections[section]?.places.length ?? 0;
                  setSections(putField(sections, field, { section, index }));
                }}
              >
                {named(field)}
              </Button>
            ))}
          </div>
        </section>
        <output className="visually-hidden" aria-live="polite">
          {said}
        </output>
      </div>
      <div className={styles.side}>
        <div className={styles.actions}>
          <Button type="primary" disabled={!isChanged} loading={isSaving} onClick={() => void save()}>
            {t("layout.save")}
          </Button>
          <Button disabled={!isChanged} onClick={() => setSections(form.sections)}>
            {t("layout.discard")}
          </Button>
          <Button
            type="text"
            disabled={form.version === 0}
            onClick={() =>
              modal.confirm({
                title: t("layout.resetQuestion"),
                content: t("layout.resetHint"),
                okText: t("layout.reset"),
                cancelText: t("layout.keep"),
                onOk: onReset,
              })
            }
          >
            {t("layout.reset")}
          </Button>
        </div>
        <LayoutPreview form={{ ...form, sections: [...sections] }} />
      </div>
    </div>
  );
}
