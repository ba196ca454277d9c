import { useTranslation } from "react-i18next";

/** What goes or stays, and why, in the reader's language. What this page does not know yet is told by its code. */
export function useErasureWords() {
  const { t } = useTranslation("privacy");
  const say = t as unknown as (key: string, options: { defaultValue: string }) => string;
  return {
    whatIs: (what: string) => say(`what.${what}`, { defaultValue: what }),
    whyIs: (why: string) => say(`why.${why}`, { defaultValue: why }),
  };
}
