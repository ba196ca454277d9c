import { useQuery } from "@tanstack/react-query";
import type { TableProps } from "antd";
import { useTranslation } from "react-i18next";
import { localName } from "@/lib/names";
import type { FieldDefinition } from "@/ui/record-form/model";
import { formQuery } from "@/ui/record-form/query";
import { useValueWords } from "@/ui/record-form/useValueWords";
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
  const { i18n } = useTranslation("record-form");
  const words = useValueWords();
  return fields.map((field) => ({
    key: `custom.${field.code}`,
    title: localName(field, i18n.language),
    ellipsis: field.kind === "long_text",
    render: (_, row) => words(field, row.custom[field.code]) || "–",
  }));
}
