/** The page's words in both languages. It has its own, so that a visitor does not fetch the staff's. */
import en from "./locales/en.json";
import zh from "./locales/zh.json";

export type Language = "zh" | "en";
export type Words = typeof zh;

export const words: Record<Language, Words> = { zh, en };

const KEY = "zhiyin.language"; // shared with the staff's application

export function firstLanguage(): Language {
  const stored = localStorage.getItem(KEY);
  if (stored === "zh" || stored === "en") return stored;
  return navigator.language.startsWith("zh") ? "zh" : "en";
}

export function rememberLanguage(language: Language): void {
  localStorage.setItem(KEY, language);
  document.documentElement.lang = language === "zh" ? "zh-CN" : "en";
}
