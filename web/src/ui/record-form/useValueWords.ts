import { useTranslation } from "react-i18next";
import { useTimeZone } from "@/api/session";
import { localName } from "@/lib/names";
import { formatInstant } from "@/lib/time";
import { useLive } from "@/live/store";
import type { FieldDefinition } from "./model";

/** Values of the company's own fields in words; nothing for what is not filled. */
export function useValueWords(): (field: FieldDefinition, value: unknown) => string {
  const { t, i18n } = useTranslation("record-form");
  const zone = useTimeZone();
  const colleagues = useLive((state) => state.colleagues);
  return (field, value) => {
    if (value === null || value === undefined || value === "") return "";
    switch (field.kind) {
      case "yes_no":
        return value ? t("yes") : t("no");
      case "choice":
      case "choices":
        return [value]
          .flat()
          .map((code) => field.options.find((option) => option.code === code))
          .map((option) => (option ? localName(option, i18n.language) : ""))
          .join(t("comma"));
      case "date_time":
        return formatInstant(String(value), zone);
      case "user":
        return colleagues.find((colleague) => colleague.id === value)?.name ?? `#${value}`;
      case "money":
        return money(Number(value), field.rules.currency, field.rules.decimals);
      default:
        return String(value);
    }
  };
}

function money(value: number, currency: string, decimals: number): string {
  return new Intl.NumberFormat("zh-CN", {
    style: "currency",
    currency,
    minimumFractionDigits: decimals,
    maximumFractionDigits: decimals,
  }).format(value);
}
