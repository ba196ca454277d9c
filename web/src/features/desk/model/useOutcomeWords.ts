import { useTranslation } from "react-i18next";
import type { Contact } from "@/api/interactions";

const REASONS = [
  "busy",
  "no_answer",
  "refused",
  "unknown_number",
  "trunk_failed",
  "cancelled",
  "agent_unreachable",
] as const;

/** Say what came of a contact; of a call out that did not come about also why. */
export function useOutcomeWords() {
  const { t } = useTranslation("desk");
  return ({ outcome, end_reason }: Pick<Contact, "outcome" | "end_reason">): string => {
    if (!outcome) return t("details.running");
    const reason = outcome === "not_reached" && REASONS.find((each) => each === end_reason);
    return reason
      ? t("outcome.notReachedFor", { reason: t(`notReached.${reason}`) })
      : t(`outcome.${outcome}`);
  };
}
