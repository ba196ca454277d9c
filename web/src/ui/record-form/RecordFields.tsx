import { Form } from "antd";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { localName } from "@/lib/names";
import { CustomControl, type UserOption } from "./CustomControl";
import {
  customCode,
  type FieldDefinition,
  type FormPlace,
  type FormSection,
  fitsPattern,
  type RecordForm,
  type RecordValues,
  shownFields,
} from "./model";
import styles from "./RecordFields.module.css";

interface Props {
  /** The fields and where they stand. */
  form: RecordForm;
  /** All that the layout places, where `form` has only some of it: conditions look at all. */
  allSections?: readonly FormSection[];
  /** The form items of the fields that every record of this kind has; one that is missing here is left out. */
  builtIn: (code: string, place: { isReadOnly: boolean }) => ReactNode;
  /** What the record has until now. */
  stored: RecordValues;
  users: readonly UserOption[];
  /** The whole antd form's values as they are while somebody types. */
  values: RecordValues;
}

/**
 * A record's fields as its layout places them, inside an antd `Form`: sections, columns, what is shown when. Custom
 * values stand below `custom` by code, so that a refusal of `custom.CODE` marks its field.
 */
export function RecordFields({ form, allSections, builtIn, stored, users, values }: Props) {
  const { i18n } = useTranslation("record-form");
  const shown = shownFields(allSections ?? form.sections, values);
  const fields = new Map(form.fields.map((field) => [field.code, field]));
  const item = (place: FormPlace): ReactNode => {
    const code = customCode(place.field);
    if (code === undefined) return builtIn(place.field, { isReadOnly: place.is_read_only ?? false });
    const field = fields.get(code);
    return field && <CustomItem field={field} place={place} stored={stored.custom?.[code]} users={users} />;
  };
  return (
    <>
      {form.sections.map((section) => {
        const places = section.places.filter((place) => shown.has(place.field));
        if (places.length === 0) return null;
        const name = localName({ name: section.name ?? "", name_en: section.name_en ?? "" }, i18n.language);
        return (
          <fieldset key={section.places[0]?.field} className={styles.section}>
            {name && <legend className={styles.name}>{name}</legend>}
            <div className={styles.grid} data-columns={section.columns}>
              {places.map((place) => (
                <div key={place.field} className={styles.place} data-wide={place.is_wide || undefined}>
                  {item(place)}
                </div>
              ))}
            </div>
          </fieldset>
        );
      })}
    </>
  );
}

interface ItemProps {
  field: FieldDefinition;
  place: FormPlace;
  stored: unknown;
  users: readonly UserOption[];
}

function CustomItem({ field, place, stored, users }: ItemProps) {
  const { t, i18n } = useTranslation("record-form");
  const isChinese = i18n.language === "zh";
  const help = isChinese ? field.help : field.help_en || field.help;
  const { pattern, pattern_words, pattern_words_en } = field.rules;
  const shape = (isChinese ? pattern_words : pattern_words_en || pattern_words) || pattern;
  return (
    <Form.Item
      name={["custom", field.code]}
      label={localName(field, i18n.language)}
      {...(help && { extra: help })}
      rules={[
        ...(field.is_required ? [{ required: true, message: t("required") }] : []),
        ...(pattern
          ? [
              {
                validator: async (_: unknown, value: unknown) => {
                  const isKept = value === stored || typeof value !== "string" || value === "";
                  if (!isKept && !fitsPattern(pattern, value.trim()))
                    throw new Error(t("pattern", { shape }));
                },
              },
            ]
          : []),
      ]}
    >
      <CustomControl field={field} stored={stored} users={users} isReadOnly={place.is_read_only ?? false} />
    </Form.Item>
  );
}
