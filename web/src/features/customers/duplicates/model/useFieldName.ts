import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { localName } from "@/lib/names";
import { customCode } from "@/ui/record-form/model";
import { formQuery } from "@/ui/record-form/query";

const KNOWN = [
  "kind",
  "name",
  "company",
  "gender",
  "level",
  "hobbies",
  "note",
  "birthday",
  "anniversary_on",
  "type",
  "monthly_value",
  "service",
  "credit_rating",
  "credit_limit",
  "arrears",
  "owner_id",
  "class_by_hand_id",
  "address",
  "product",
  "purchased_on",
  "owner",
  "numbers",
  "emails",
  "addresses",
  "tags",
  "tag_ids",
  "lists",
] as const;

/** The word for a field of a customer; the company's own fields by their name, where it is there already. */
export function useFieldName(): (field: string) => string {
  const { t, i18n } = useTranslation("duplicates");
  const { data } = useQuery(formQuery("customer", "person"));
  return (field) => {
    const known = KNOWN.find((each) => each === field);
    if (known) return t(`field.${known}`);
    const code = customCode(field) ?? field;
    const own = data?.fields.find((each) => each.code === code);
    return own ? localName(own, i18n.language) : code;
  };
}
