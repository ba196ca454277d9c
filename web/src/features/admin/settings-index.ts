/**
 * Every page of the settings and every single setting, found by its words in the reader's language, by its Chinese
 * initials and by its whole pinyin. One index for the settings' own search and for the command palette.
 */
import type { LucideIcon } from "lucide-react";
import pinyin from "./model/pinyin.json";
import { type SectionName, sectionGroups } from "./model/sections";

/** Single settings that people look for by name: the words of their field, and the page it stands on. */
export const settings: readonly { section: SectionName; label: string }[] = [
  { section: "company", label: "company.timeZone" },
  { section: "company", label: "company.language" },
  { section: "company", label: "company.guests" },
  { section: "company", label: "company.directSip" },
  { section: "users", label: "users.role" },
  { section: "users", label: "password.reset" },
  { section: "users", label: "users.skills" },
  { section: "users", label: "users.telephone" },
  { section: "queues", label: "queues.members" },
  { section: "queues", label: "queues.skills" },
  { section: "queues", label: "queues.offerTimeout" },
  { section: "queues", label: "queues.wrapUp" },
  { section: "queues", label: "queues.serviceLevel" },
  { section: "queues", label: "queues.announceEvery" },
  { section: "queues", label: "queues.maxWait" },
  { section: "queues", label: "queues.recorded" },
  { section: "trunks", label: "trunks.registers" },
  { section: "trunks", label: "trunks.transport" },
  { section: "trunks", label: "trunks.callerNumber" },
  { section: "telephones", label: "telephones.extension" },
  { section: "telephones", label: "telephones.reset" },
  { section: "outbound", label: "outbound.trunks" },
  { section: "outbound", label: "outbound.allowed" },
  { section: "outbound", label: "outbound.denied" },
  { section: "outbound", label: "outbound.callerNumber" },
  { section: "outbound", label: "outbound.maxConcurrent" },
  { section: "outbound", label: "outbound.maxPerHour" },
  { section: "outbound", label: "outbound.max_minutes_per_day" },
  { section: "outbound", label: "outbound.max_international_minutes_per_day" },
  { section: "outbound", label: "outbound.max_premium_minutes_per_day" },
  { section: "hours", label: "hours.weekly" },
  { section: "hours", label: "hours.dates" },
];

export interface FoundSetting {
  section: SectionName;
  icon: LucideIcon;
  /** what is shown: the page's name, or the setting's with the page's before it */
  name: string;
  /** a single setting; false: a page */
  isSingle: boolean;
  address: string;
}

interface Entry extends FoundSetting {
  /** all by which it is found, in small letters */
  words: string;
}

const SYLLABLES: Readonly<Record<string, string>> = pinyin;

/** A Chinese text as people type it in a hurry: its initials, and its whole pinyin. */
export function typedForms(text: string): string {
  const signs = [...text.toLowerCase()].map((sign) => SYLLABLES[sign] ?? (/[a-z0-9]/.test(sign) ? sign : ""));
  return `${signs.map((sign) => sign.charAt(0)).join("")} ${signs.join("")}`;
}

/** All that can be found. `t` gives the words of the namespace "admin". */
export function settingsIndex(t: (key: string) => string): readonly Entry[] {
  const sections = sectionGroups.flatMap((group) => group.sections);
  const pages = sections.map(({ name, icon }) => {
    const shown = t(`sections.${name}.name`);
    const words = `${shown} ${t(`sections.${name}.words`)} ${name} ${typedForms(shown)}`.toLowerCase();
    return { section: name, icon, name: shown, isSingle: false, address: `/admin/${name}`, words };
  });
  const singles = settings.flatMap(({ section, label }) => {
    const page = pages.find((each) => each.section === section);
    if (!page) return [];
    const shown = t(label);
    const words = `${shown} ${page.name} ${typedForms(shown)}`.toLowerCase();
    return { ...page, name: `${page.name} · ${shown}`, isSingle: true, words };
  });
  return [...pages, ...singles];
}

/** What fits every word that was typed, pages before single settings. */
export function findSettings(index: readonly Entry[], typed: string): readonly FoundSetting[] {
  const wanted = typed.toLowerCase().split(/\s+/).filter(Boolean);
  return wanted.length === 0 ? [] : index.filter(({ words }) => wanted.every((word) => words.includes(word)));
}
