import { useTranslation } from "react-i18next";
import { useTimeZone } from "@/api/session";
import { formatInstant } from "@/lib/time";
import { CHOICES, type ValueWords } from "./values";
import { useAuditWords } from "./words";

/** What an id in a field is called; undefined where it is not known. */
export type NameOf = (field: string, value: string | number) => string | undefined;

const NOBODY_KNOWN: NameOf = () => undefined;

/** How values of changes are told in this language, on the company's clock. */
export function useValueWords(nameOf: NameOf = NOBODY_KNOWN): ValueWords {
  const { t, i18n } = useTranslation(["audit", "routing", "admin", "agent-life"]);
  const { field } = useAuditWords();
  const zone = useTimeZone();
  const choice = (name: string, value: string | number) => {
    const key = `${CHOICES[name]}.${value}`;
    return name in CHOICES && i18n.exists(key) ? t(key as "audit:values.yes") : undefined;
  };
  const weekday = (day: number) => t(`admin:hours.days.${day as 0}`);
  return {
    yes: t("values.yes"),
    no: t("values.no"),
    closed: t("values.closed"),
    and: t("values.and"),
    colon: t("values.colon"),
    semicolon: t("values.semicolon"),
    field: (name) => {
      const word = field(name);
      if (word !== name || !i18n.exists(`routing:steps.${name}`)) return word;
      return t(`routing:steps.${name as "points"}`);
    },
    one: (name, value) =>
      nameOf(name, value) ?? (name === "weekdays" ? weekday(Number(value)) : choice(name, value)),
    weekday,
    instant: (text) => formatInstant(text, zone),
  };
}
