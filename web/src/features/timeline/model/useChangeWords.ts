import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { localName } from "@/lib/names";
import { useLive } from "@/live/store";
import { customCode } from "@/ui/record-form/model";
import { formQuery } from "@/ui/record-form/query";
import { useValueWords } from "@/ui/record-form/useValueWords";

/** Kept for the server's own use: they tell a reader nothing. */
const UNTOLD: ReadonlySet<string> = new Set(["version", "number_uses", "position"]);

export function isTold(field: string): boolean {
  return !UNTOLD.has(field);
}

/** Changed fields and their values in words. What is not known here is shown as it stands, never hidden. */
export function useChangeWords() {
  const { t, i18n } = useTranslation(["timeline", "api"]);
  const form = useQuery(formQuery("customer", "person")).data;
  const colleagues = useLive((state) => state.colleagues);
  const ownWords = useValueWords();
  const own = (field: string) => form?.fields.find(({ code }) => code === customCode(field));

  const name = (field: string): string => {
    const definition = own(field);
    if (definition) return localName(definition, i18n.language);
    if (i18n.exists(`timeline:field.${field}`)) return t(`field.${field as "name"}`);
    const builtIn = form?.built_in.find(({ code }) => code === field);
    return builtIn ? localName(builtIn, i18n.language) : field;
  };
  const value = (field: string, given: unknown): string => {
    const definition = own(field);
    if (definition) return ownWords(definition, given);
    if (field === "owner" && typeof given === "number")
      return colleagues.find(({ id }) => id === given)?.name ?? `#${given}`;
    if (typeof given === "boolean") return t(given ? "value.yes" : "value.no");
    if (typeof given === "string")
      for (const key of [`api:${field}.${given}`, `timeline:value.${field}.${given}`])
        if (i18n.exists(key)) return t(key as "value.yes");
    return plain(given);
  };
  return { name, value };
}

function plain(value: unknown): string {
  if (value === null || value === undefined || value === "") return "";
  if (Array.isArray(value)) return value.map(plain).join(", ");
  if (typeof value === "object") return Object.values(value).map(plain).filter(Boolean).join(" ");
  return String(value);
}
