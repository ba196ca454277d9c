import { useTranslation } from "react-i18next";

/** An exit in words: "closed" means one thing at opening hours and another at a queue; a menu's keys are themselves. */
export function useExitName(): (kind: string, exit: string) => string {
  const { t, i18n } = useTranslation("flows");
  return (kind, exit) => {
    const key = [`${kind}_${exit}`, exit].find((each) => i18n.exists(`flows:exits.${each}`));
    return key === undefined ? exit : t(`exits.${key as "next"}`);
  };
}
