import { useQuery } from "@tanstack/react-query";
import type { TableProps } from "antd";
import { useTranslation } from "react-i18next";
import { useTimeZone } from "@/api/session";
import { localName } from "@/lib/names";
import { formatInstant } from "@/lib/time";
import { useLive } from "@/live/store";
import type { FieldDefinition } from "@/ui/record-form/model";
import { formQuery } from "@/ui/record-form/query";
import type { Customer } from "../model/queries";

/** The fields that the company added to its customers, in their order. */
export function useOwnFields(): readonly FieldDefinition[] {
  return useQuery(formQuery("customer", "person")).data?.fields ?? [];
}

/** Columns that nobody sees unless they are chosen. */
export function hiddenOwnColumns(fields: readonly FieldDefinition[]): string[] {
  return fields.filter((field) => !field.is_in_list).map((field) => `custom.${field.code}`);
}

/** A column for each of the company's own fields. */
export function useOwnColumns(
  fields: readonly FieldDefinition[],
): NonNullable<TableProps<Customer>["columns"]> {
  const { t, i18n } = useTranslation("record-form");
  const zone = useTimeZone();
  const colleagues = useLive((state) => state.colleagues);
  const words = (field: FieldDefinition, value: unknown): string => {
    if (value === null || value === undefined) return "–";
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
      default:
        return String(value);
    }
  };
  return fields.map((field) => ({
    key: `custom.${field.code}`,
    title: localName(field, i18n.language),
    ellipsis: field.kind === "long_text",
    render: (_, row) => words(field, row.custom[field.code]),
  }));
}
