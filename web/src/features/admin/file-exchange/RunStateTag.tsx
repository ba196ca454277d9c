import { useTranslation } from "react-i18next";
import { StatusTag, type Tone } from "@/ui/StatusTag";
import type { FileRun, RunState } from "./api";

export const TONES: Record<RunState, Tone> = {
  running: "talk",
  waiting: "ring",
  done: "ready",
  nothing: "off",
  failed: "break",
};

/** How a run stands or ended. */
export function RunStateTag({ run }: { run: FileRun }) {
  const { t } = useTranslation("file-exchange");
  return (
    <StatusTag tone={TONES[run.state]} hasDot>
      {t(`states.${run.state}`)}
    </StatusTag>
  );
}
