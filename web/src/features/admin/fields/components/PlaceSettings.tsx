import { Select, Switch } from "antd";
import { useId } from "react";
import { useTranslation } from "react-i18next";
import { localName } from "@/lib/names";
import {
  customCode,
  type FormPlace,
  type FormSection,
  type RecordForm,
  type ShowWhen,
} from "@/ui/record-form/model";
import { changeField, fieldName, isRequired, type Sections } from "../model/layout";
import styles from "./LayoutEditor.module.css";

interface Props {
  form: RecordForm;
  sections: Sections;
  place: FormPlace;
  onSections: (sections: FormSection[]) => void;
}

const COMPARISONS = ["is_any_of", "is_none_of", "is_filled", "is_empty"] as const;

/** How one field stands on the form: its width, whether it is read only, and when it is shown. */
export function PlaceSettings({ form, sections, place, onSections }: Props) {
  const { t, i18n } = useTranslation("fields");
  const wide = useId();
  const readOnly = useId();
  const change = (changes: Partial<FormPlace>) => onSections(changeField(sections, place.field, changes));
  const when = place.show_when ?? null;
  const changeWhen = (changes: Partial<ShowWhen>) =>
    change({ show_when: { field: "", comparison: "is_filled", values: [], ...when, ...changes } });
  const others = sections
    .flatMap((section) => section.places)
    .filter((other) => other.field !== place.field)
    .map((other) => ({ value: other.field, label: fieldName(form, other.field, i18n.language) }));
  const values = when ? valuesOf(form, when.field, i18n.language, [t("yes"), t("no")]) : undefined;
  const needsValues = when?.comparison === "is_any_of" || when?.comparison === "is_none_of";
  return (
    <div className={styles.settings}>
      <label className={styles.switch} htmlFor={wide}>
        {t("layout.wide")}
        <Switch
          id={wide}
          size="small"
          checked={place.is_wide ?? false}
          onChange={(is_wide) => change({ is_wide })}
        />
      </label>
      <label className={styles.switch} htmlFor={readOnly}>
        {t("layout.readOnly")}
        <Switch
          id={readOnly}
          size="small"
          disabled={isRequired(form, place.field)}
          checked={place.is_read_only ?? false}
          onChange={(is_read_only) => change({ is_read_only })}
        />
      </label>
      <span>{t("layout.showWhen")}</span>
      <Select
        aria-label={t("layout.showWhen")}
        value={when?.field ?? null}
        allowClear
        placeholder={t("layout.always")}
        showSearch={{ optionFilterProp: "label" }}
        options={others}
        onChange={(field: string | undefined) =>
          field ? changeWhen({ field, comparison: "is_filled", values: [] }) : change({ show_when: null })
        }
      />
      {when && (
        <Select
          aria-label={t("layout.comparison")}
          value={when.comparison}
          options={COMPARISONS.map((value) => ({ value, label: t(`layout.comparisons.${value}`) }))}
          onChange={(comparison) => changeWhen({ comparison })}
        />
      )}
      {when && needsValues && (
        <Select
          aria-label={t("layout.values")}
          mode={values ? "multiple" : "tags"}
          value={when.values ?? []}
          placeholder={t("layout.values")}
          {...(values && { options: values })}
          onChange={(chosen: string[]) => changeWhen({ values: chosen })}
        />
      )}
    </div>
  );
}

/** The values a condition can name, where the field has few; undefined: they are typed. */
function valuesOf(form: RecordForm, field: string, language: string, [yes, no]: [string, string]) {
  const definition = form.fields.find((each) => each.code === customCode(field));
  if (definition?.kind === "yes_no")
    return [
      { value: "true", label: yes },
      { value: "false", label: no },
    ];
  if (definition?.kind !== "choice" && definition?.kind !== "choices") return undefined;
  return definition.options.map((option) => ({ value: option.code, label: localName(option, language) }));
}
