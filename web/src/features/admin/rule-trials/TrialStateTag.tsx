import { useTranslation } from "react-i18next";
import { StatusTag, type Tone } from "@/ui/StatusTag";
import type { RuleTrial } from "./api";

const TONES: Record<RuleTrial["state"], Tone> = {
  draft: "off",
  shadow: "acw",
  canary: "talk",
  adopted: "ready",
  dropped: "off",
  returned: "break",
};

/** How far a draft has come. */
export function TrialStateTag({ trial }: { trial: RuleTrial }) {
  const { t } = useTranslation("rule-trials");
  return (
    <StatusTag tone={TONES[trial.state]} hasDot>
      {t(`state.${trial.state}`, { share: trial.share_pct })}
    </StatusTag>
  );
}
