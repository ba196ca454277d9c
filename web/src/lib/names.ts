/** The name of a thing that administration names in both languages. */
export function localName(thing: { name: string; name_en: string }, language: string): string {
  return language === "en" && thing.name_en ? thing.name_en : thing.name;
}
