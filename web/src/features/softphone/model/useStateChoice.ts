import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { reasonsQuery } from "@/api/settings";
import { localName } from "@/lib/names";
import type { AgentRow } from "@/live/messages";

/** Reasons that the system gives; the company's own are data. */
const SYSTEM_REASONS = [
  "ring_no_answer",
  "device_failed",
  "rejected",
  "signed_in",
  "forced",
  "answered_elsewhere",
] as const;
type SystemReason = (typeof SYSTEM_REASONS)[number];

function isSystemReason(code: string): code is SystemReason {
  return (SYSTEM_REASONS as readonly string[]).includes(code);
}

/** The company's reasons, and how to say any reason's code. */
export function useReasons() {
  const { t, i18n } = useTranslation("softphone");
  const reasons = useQuery(reasonsQuery).data ?? [];
  const nameOf = (code: string | null | undefined): string | null => {
    if (!code) return null;
    const known = reasons.find((reason) => reason.code === code);
    if (known) return localName(known, i18n.language);
    return isSystemReason(code) ? t(`reason.${code}`) : code;
  };
  return { reasons, nameOf };
}

/** What the agent will become when the contact is over, where that was chosen. */
export function useNextState(me: AgentRow | null): string | null {
  const { t } = useTranslation("softphone");
  const { nameOf } = useReasons();
  if (!me?.next_state) return null;
  return nameOf(me.next_reason) ?? t(`state.${me.next_state}`);
}
