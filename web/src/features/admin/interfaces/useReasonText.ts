import { useTranslation } from "react-i18next";
import { fieldProblemText } from "@/api/problem-text";

/** Why an interface failed last and what to do, in words; each feature's own words where it has them. */
export function useReasonText(): (reason: string) => string {
  const { t } = useTranslation(["interfaces", "file-exchange", "integrations", "external-services"]);
  return (reason) => {
    const status = /^http_(\d+)$/.exec(reason)?.[1];
    if (status) return t("interfaces:answered", { status });
    const keys = [
      `interfaces:reasons.${reason}`,
      `file-exchange:problems.${reason}`,
      `integrations:connectors.faults.${reason}`,
      `integrations:errors.${reason}`,
      `external-services:causes.${reason}`,
    ];
    return t(keys as never, {
      defaultValue: fieldProblemText(reason),
      status: "",
      limit_mb: 20,
      rows: "",
      columns: "",
    });
  };
}
