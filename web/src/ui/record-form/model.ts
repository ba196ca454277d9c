/** What a record's form shows, and what of it changed. The server decides the same (domain/fields/layouts.py). */
import type { Schema } from "@/api/client";

export type RecordForm = Schema<"FormOut">;
export type FieldDefinition = Schema<"FieldOut">;
export type FormSection = Schema<"SectionBody">;
export type FormPlace = Schema<"PlaceBody">;
export type ShowWhen = NonNullable<FormPlace["show_when"]>;

/** A record as its form holds it: its own fields by name, the company's in `custom` by code. */
export interface RecordValues {
  custom?: Record<string, unknown> | undefined;
  [field: string]: unknown;
}

const CUSTOM = "custom.";

/** The code of a field of the company's own; undefined for one that every record has. */
export function customCode(field: string): string | undefined {
  return field.startsWith(CUSTOM) ? field.slice(CUSTOM.length) : undefined;
}

export function valueAt(values: RecordValues, field: string): unknown {
  const code = customCode(field);
  return code === undefined ? values[field] : values.custom?.[code];
}

/** A value as the texts that conditions compare; none for nothing. */
function wordsOf(value: unknown): readonly string[] {
  if (value === null || value === undefined || value === "") return [];
  return Array.isArray(value) ? value.map(String) : [String(value)];
}

export function passes(condition: ShowWhen, values: RecordValues): boolean {
  const given = wordsOf(valueAt(values, condition.field));
  if (condition.comparison === "is_filled") return given.length > 0;
  if (condition.comparison === "is_empty") return given.length === 0;
  const isAny = given.some((word) => condition.values?.includes(word));
  return condition.comparison === "is_any_of" ? isAny : !isAny;
}

/** The fields on the form for these values. What depends on a hidden field is hidden with it; a loop hides itself. */
export function shownFields(sections: readonly FormSection[], values: RecordValues): ReadonlySet<string> {
  const places = new Map(sections.flatMap((section) => section.places).map((place) => [place.field, place]));
  const known = new Map<string, boolean>();
  const isShown = (field: string): boolean => {
    const place = places.get(field);
    if (!place) return false;
    const before = known.get(field);
    if (before !== undefined) return before;
    known.set(field, false);
    const condition = place.show_when;
    const found = !condition || (isShown(condition.field) && passes(condition, values));
    known.set(field, found);
    return found;
  };
  return new Set([...places.keys()].filter(isShown));
}

/** What of the company's fields is to be sent: those that differ from what is stored, null where a value shall go. */
export function customChanges(
  stored: Readonly<Record<string, unknown>>,
  values: Readonly<Record<string, unknown>> | undefined,
): Record<string, unknown> {
  const changed = Object.entries(values ?? {}).filter(
    ([code, value]) => JSON.stringify(plain(value)) !== JSON.stringify(plain(stored[code])),
  );
  return Object.fromEntries(changed.map(([code, value]) => [code, plain(value)]));
}

function plain(value: unknown): unknown {
  return value === undefined || value === "" || (Array.isArray(value) && value.length === 0) ? null : value;
}

/** What a new record begins with. */
export function customDefaults(form: RecordForm): Record<string, unknown> {
  const withDefault = form.fields.filter((field) => field.default !== null && field.default !== undefined);
  return Object.fromEntries(withDefault.map((field) => [field.code, field.default]));
}

/** The options that can be chosen: those in use, and a retired one where the record has it. */
export function choosable(field: FieldDefinition, stored: unknown): FieldDefinition["options"] {
  const kept = wordsOf(stored);
  return field.options.filter((option) => !option.is_retired || kept.includes(option.code));
}

/** Whether one of the templates fits the whole of `text`: "9" a digit, "A" a letter, "*" either, "\\" takes the next as it is. */
export function fitsPattern(pattern: string, text: string): boolean {
  return templatesOf(pattern).some(
    (template) => template.length === text.length && template.every((test, at) => test(text[at] ?? "")),
  );
}

type Test = (sign: string) => boolean;
const CLASSES: Readonly<Record<string, Test>> = {
  "9": (sign) => /^[0-9]$/.test(sign),
  A: (sign) => /^[A-Za-z]$/.test(sign),
  "*": (sign) => /^[0-9A-Za-z]$/.test(sign),
};

function templatesOf(pattern: string): Test[][] {
  const templates: Test[][] = [[]];
  for (let at = 0; at < pattern.length; at += 1) {
    const sign = pattern[at] ?? "";
    if (sign === "|") templates.push([]);
    else if (sign === "\\") {
      at += 1;
      const literal = pattern[at];
      templates.at(-1)?.push((given) => given === literal);
    } else templates.at(-1)?.push(CLASSES[sign] ?? ((given) => given === sign));
  }
  return templates;
}
