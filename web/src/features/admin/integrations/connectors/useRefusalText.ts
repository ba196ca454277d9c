import { useTranslation } from "react-i18next";
import { fieldProblemText } from "@/api/problem-text";

interface Refusal {
  code: string;
  fields: Record<string, string>;
}

/** Why a customer of another system was not taken over, in words: field by field where fields are to blame. */
export function useRefusalText(): (refusal: Refusal) => string {
  const { t } = useTranslation("integrations");
  const what = (code: string) =>
    t(`tasks.problems.${code as "missing"}`, { defaultValue: fieldProblemText(code) });
  const name = (field: string) =>
    t(`tasks.fields.${field as "name"}`, { defaultValue: field.replace(/^custom\./, "") });
  return ({ code, fields }) => {
    const told = Object.entries(fields).map(([field, why]) =>
      t("tasks.problem", { field: name(field), what: what(why) }),
    );
    return code === "nothing_to_find_by" || told.length === 0 ? what(code) : told.join(t("comma"));
  };
}
