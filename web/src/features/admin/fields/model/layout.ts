/** Arranging a form: every edit gives a new list of sections and leaves the old one as it was. */
import { customCode, type FormPlace, type FormSection, type RecordForm } from "@/ui/record-form/model";

export type Sections = readonly FormSection[];
export type Step = "up" | "down" | "previous" | "next";

interface Spot {
  section: number;
  index: number;
}

export function spotOf(sections: Sections, field: string): Spot | undefined {
  for (const [section, { places }] of sections.entries()) {
    const index = places.findIndex((place) => place.field === field);
    if (index >= 0) return { section, index };
  }
  return undefined;
}

/** Put a field before the `index`th of a section, from wherever it is, or as new. */
export function putField(sections: Sections, field: string, to: Spot): FormSection[] {
  const from = spotOf(sections, field);
  const target = sections[to.section];
  if (!target) return [...sections];
  const place = (from && sections[from.section]?.places[from.index]) ?? freshPlace(field);
  const isLater = from?.section === to.section && from.index < to.index;
  const without = removeField(sections, field);
  return without.map((section, at) => {
    if (at !== to.section) return section;
    const places = [...section.places];
    places.splice(isLater ? to.index - 1 : to.index, 0, place);
    return { ...section, places };
  });
}

/** One step up or down within the section, or to the end of the one before or after. */
export function stepField(sections: Sections, field: string, step: Step): FormSection[] {
  const from = spotOf(sections, field);
  if (!from) return [...sections];
  const { section, index } = from;
  const size = sections[section]?.places.length ?? 0;
  if (step === "up")
    return index > 0 ? putField(sections, field, { section, index: index - 1 }) : [...sections];
  if (step === "down")
    return index < size - 1 ? putField(sections, field, { section, index: index + 2 }) : [...sections];
  const other = step === "previous" ? section - 1 : section + 1;
  const target = sections[other];
  return target ? putField(sections, field, { section: other, index: target.places.length }) : [...sections];
}

export function removeField(sections: Sections, field: string): FormSection[] {
  return sections.map((section) => ({
    ...section,
    places: section.places.filter((place) => place.field !== field),
  }));
}

export function changeField(sections: Sections, field: string, changes: Partial<FormPlace>): FormSection[] {
  return sections.map((section) => ({
    ...section,
    places: section.places.map((place) => (place.field === field ? { ...place, ...changes } : place)),
  }));
}

export function changeSection(sections: Sections, at: number, changes: Partial<FormSection>): FormSection[] {
  return sections.map((section, index) => (index === at ? { ...section, ...changes } : section));
}

export function addSection(sections: Sections, name: string, name_en: string): FormSection[] {
  return [...sections, { name, name_en, columns: 2, places: [] }];
}

/** Take a section away; its fields go to the one before it, of the first to the one after. The last one stays. */
export function removeSection(sections: Sections, at: number): FormSection[] {
  const gone = sections[at];
  if (!gone || sections.length === 1) return [...sections];
  const heir = at === 0 ? 1 : at - 1;
  return sections
    .map((section, index) =>
      index === heir ? { ...section, places: [...section.places, ...gone.places] } : section,
    )
    .filter((_, index) => index !== at);
}

export function moveSection(sections: Sections, at: number, by: -1 | 1): FormSection[] {
  const next = [...sections];
  const [moved] = next.splice(at, 1);
  if (!moved || at + by < 0 || at + by > next.length) return [...sections];
  next.splice(at + by, 0, moved);
  return next;
}

/** The fields that are not on the form, in their own order. */
export function unplaced(form: RecordForm, sections: Sections): string[] {
  const all = [
    ...form.built_in.map((field) => field.code),
    ...form.fields.map((field) => `custom.${field.code}`),
  ];
  return all.filter((field) => !spotOf(sections, field));
}

/** A field's name in the reader's language, whether the company's own or one that every record has. */
export function fieldName(form: RecordForm, field: string, language: string): string {
  const code = customCode(field);
  const named =
    code === undefined
      ? form.built_in.find((each) => each.code === field)
      : form.fields.find((each) => each.code === code);
  if (!named) return field;
  return language === "en" && named.name_en ? named.name_en : named.name;
}

export function isRequired(form: RecordForm, field: string): boolean {
  const code = customCode(field);
  return code === undefined
    ? (form.built_in.find((each) => each.code === field)?.is_required ?? false)
    : (form.fields.find((each) => each.code === code)?.is_required ?? false);
}

function freshPlace(field: string): FormPlace {
  return { field, is_wide: false, is_read_only: false, show_when: null };
}
