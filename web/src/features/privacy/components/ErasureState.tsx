import { Progress } from "antd";
import { useTranslation } from "react-i18next";
import { StatusTag, type Tone } from "@/ui/StatusTag";
import type { Erasure } from "../model/queries";

const TONES: Record<Erasure["state"], Tone> = {
  waiting: "acw",
  running: "talk",
  done: "ready",
  refused: "off",
};

/** The state in words, and how far it is. */
export function ErasureState({ erasure }: { erasure: Erasure }) {
  const { t } = useTranslation("privacy");
  const { state, step, steps } = erasure;
  return (
    <>
      <StatusTag tone={TONES[state]}>{t(`states.${state}`)}</StatusTag>
      {state === "running" && (
        <Progress
          aria-label={t("states.running")}
          size="small"
          percent={Math.floor((100 * step) / Math.max(1, steps))}
          format={() => t("progress", { done: step, all: steps })}
        />
      )}
    </>
  );
}
