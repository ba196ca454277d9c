import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { localName } from "@/lib/names";
import { customCode, type FieldDefinition, type RecordForm, type RecordValues, shownFields } from "./model";
import styles from "./RecordFacts.module.css";
import { useValueWords } from "./useValueWords";

interface Props {
  form: RecordForm;
  stored: RecordValues;
  /** The values of the fields that every record has, in words; what is missing or empty is left out. */
  builtIn: Readonly<Record<string, ReactNode>>;
}

/** What is known of a record, in the order and the sections of its layout. Empty fields take no room. */
export function RecordFacts({ form, stored, builtIn }: Props) {
  const { i18n } = useTranslation("record-form");
  const words = useValueWords();
  const shown = shownFields(form.sections, stored);
  const own = new Map(form.fields.map((field) => [field.code, field]));
  const names = new Map(form.built_in.map((field) => [field.code, field]));
  const fact = (field: string): { name: string; value: ReactNode } | null => {
    const code = customCode(field);
    if (code === undefined) {
      const found = names.get(field);
      return found ? { name: localName(found, i18n.language), value: builtIn[field] } : null;
    }
    const found = own.get(code);
    if (!found) return null;
    const said = words(found, stored.custom?.[code]);
    return { name: localName(found, i18n.language), value: isAddress(found, said) ? linkTo(said) : said };
  };
  const sections = form.sections
    .map((section) => ({
      name: localName({ name: section.name ?? "", name_en: section.name_en ?? "" }, i18n.language),
      facts: section.places.flatMap(({ field }) => {
        const known = shown.has(field) ? fact(field) : null;
        return known?.value ? [{ field, ...known }] : [];
      }),
    }))
    .filter(({ facts }) => facts.length > 0);
  return sections.map(({ name, facts }) => (
    <section key={facts[0]?.field} className={styles.section} aria-label={name}>
      {name && sections.length > 1 && <p className={styles.name}>{name}</p>}
      <dl>
        {facts.map(({ field, name: label, value }) => (
          <div key={field} className={styles.fact}>
            <dt>{label}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
    </section>
  ));
}

/** Only what a browser opens as a page becomes a link. */
function isAddress(field: FieldDefinition, said: string): boolean {
  return field.kind === "link" && /^https?:\/\//i.test(said);
}

function linkTo(address: string): ReactNode {
  return (
    <a href={address} target="_blank" rel="noreferrer">
      {address}
    </a>
  );
}
