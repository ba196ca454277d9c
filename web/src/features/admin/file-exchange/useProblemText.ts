import { useTranslation } from "react-i18next";
import { fieldProblemText } from "@/api/problem-text";

/** Why a run did not succeed and what to do, in words. */
export function useProblemText(): (problem: string, facts: Record<string, unknown>) => string {
  const { t } = useTranslation("file-exchange");
  return (problem, facts) => {
    const columns = Array.isArray(facts.columns) ? facts.columns.join(t("comma")) : "";
    return t(`problems.${problem as "late"}`, { ...facts, columns, defaultValue: fieldProblemText(problem) });
  };
}
