import { useQuery } from "@tanstack/react-query";
import { useCallback } from "react";
import { useTranslation } from "react-i18next";
import { reasonsQuery } from "@/api/settings";
import { localName } from "@/lib/names";
import type { AgentRow } from "@/live/messages";

const SYSTEM_REASONS = [
  "ring_no_answer",
  "device_failed",
  "rejected",
  "signed_in",
  "forced",
  "answered_elsewhere",
] as const;
type SystemReason = (typeof SYSTEM_REASONS)[number];

/** An agent's state and its reason in words. Reasons are the company's data, or the system's own. */
export function useAgentWords(): (row: AgentRow) => { state: string; reason: string } {
  const { t, i18n } = useTranslation(["monitor", "softphone"]);
  const { language } = i18n;
  const reasons = useQuery(reasonsQuery).data;
  return useCallback(
    (row) => {
      const known = reasons?.find((reason) => reason.code === row.reason);
      const reason = known
        ? localName(known, language)
        : SYSTEM_REASONS.includes(row.reason as SystemReason)
          ? t(`softphone:reason.${row.reason as SystemReason}`)
          : "";
      return { state: t(`softphone:state.${row.state}`), reason };
    },
    [t, language, reasons],
  );
}
