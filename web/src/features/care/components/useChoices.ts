import { useTranslation } from "react-i18next";

/** Choices of the API as a Select takes them, in the reader's language. */
export function useChoices() {
  const { i18n } = useTranslation();
  const isChinese = i18n.language === "zh";
  return <Key extends string | number>(
    items: readonly { name: string; name_en: string; id?: Key; code?: Key }[] | undefined,
  ) =>
    (items ?? []).map((item) => ({
      value: (item.id ?? item.code) as Key,
      label: isChinese ? item.name : item.name_en,
    }));
}
