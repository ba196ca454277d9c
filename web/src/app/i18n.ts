import i18next from "i18next";
import { initReactI18next } from "react-i18next";

export type Language = "zh" | "en";

const KEY = "zhiyin.language";
const AFTER_FIRST_PAGE_MS = 1000;

/** A namespace is the folder its `locales` stand in: features/desk/locales/zh.json is "desk". */
const files = import.meta.glob<{ default: Record<string, unknown> }>(
  "/src/{app,api,api/problems,ui,ui/*,features/**}/locales/*.json",
);
const loaders = new Map(
  Object.entries(files).map(([path, load]) => {
    const [, namespace, language] = /([^/]+)\/locales\/(\w+)\.json$/.exec(path) ?? [];
    return [`${language}/${namespace}`, load];
  }),
);

export function isLanguage(text: string | null | undefined): text is Language {
  return text === "zh" || text === "en";
}

export function firstLanguage(): Language {
  const stored = localStorage.getItem(KEY);
  if (isLanguage(stored)) return stored;
  return navigator.language.startsWith("zh") ? "zh" : "en";
}

/** Show the whole application in `language`, at once and on the next visit. */
export async function chooseLanguage(language: string): Promise<void> {
  if (!isLanguage(language)) return;
  localStorage.setItem(KEY, language);
  await i18next.changeLanguage(language);
}

function showLanguage(language: string): void {
  document.documentElement.lang = language === "zh" ? "zh-CN" : "en";
}

/**
 * Make the words of `app`, `ui` and `api` ready; a feature's own words come with its page. What is needed only when
 * something goes wrong follows when the first page stands. `language`: of this visit, whatever this machine remembers.
 */
export async function startI18n(language = firstLanguage()): Promise<void> {
  i18next.on("languageChanged", showLanguage);
  await i18next
    .use({
      type: "backend",
      read: async (wanted: string, namespace: string) => {
        const load = loaders.get(`${wanted}/${namespace}`);
        if (!load) throw new Error(`no words for ${namespace} in ${wanted}`);
        return (await load()).default;
      },
    })
    .use(initReactI18next)
    .init({
      lng: language,
      supportedLngs: ["zh", "en"],
      ns: ["app", "ui", "api"],
      defaultNS: "app",
      fallbackLng: false,
      interpolation: { escapeValue: false }, // React escapes
      react: { useSuspense: true },
    });
  window.setTimeout(() => void i18next.loadNamespaces("problems"), AFTER_FIRST_PAGE_MS);
}
