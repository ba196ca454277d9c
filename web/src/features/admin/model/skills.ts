export interface SkillRow {
  /** tells rows apart while their code is typed */
  key: number;
  code: string;
  level: number;
}

export function toRows(skills: Readonly<Record<string, number>>): SkillRow[] {
  return Object.entries(skills).map(([code, level], key) => ({ key, code, level }));
}

/** The rows that have a code; of two with the same, the lower one on the page counts. */
export function toSkills(rows: readonly SkillRow[]): Record<string, number> {
  return Object.fromEntries(rows.filter(({ code }) => code !== "").map(({ code, level }) => [code, level]));
}
