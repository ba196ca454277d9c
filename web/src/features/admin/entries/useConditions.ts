import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { localName } from "@/lib/names";
import { allHours } from "../model/queries";
import { customerClassesQuery } from "../routing/resources";
import type { EntryRule } from "./api";

/** Whom a rule is for, in words. */
export function useConditions() {
  const { t, i18n } = useTranslation("entries");
  const hours = useQuery(allHours).data ?? [];
  const classes = useQuery(customerClassesQuery).data?.items ?? [];
  return (rule: EntryRule): string => {
    const parts: string[] = [];
    if (rule.numbers.length > 0) parts.push(t("who.numbers", { numbers: rule.numbers.join(t("comma")) }));
    if (rule.customer_classes.length > 0) {
      const names = classes.filter(({ id }) => rule.customer_classes.includes(id));
      parts.push(
        t("who.classes", { classes: names.map((one) => localName(one, i18n.language)).join(t("comma")) }),
      );
    }
    if (rule.is_vip_only) parts.push(t("who.vips"));
    if (rule.hours_id !== null) {
      const name = hours.find(({ id }) => id === rule.hours_id)?.name ?? `#${rule.hours_id}`;
      parts.push(t(rule.is_open_wanted ? "who.open" : "who.closed", { hours: name }));
    }
    return parts.length > 0 ? parts.join(t("and")) : t("who.everybody");
  };
}
