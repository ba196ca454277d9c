import { useTranslation } from "react-i18next";
import { StatusTag } from "@/ui/StatusTag";

/** As domain/metrics/satisfaction.py counts it. */
function toneOf(score: number, most: number): "ready" | "ring" | "off" {
  const share = score / most;
  if (share >= 0.8) return "ready";
  return share <= 0.4 || score === 1 ? "ring" : "off";
}

/** A score of 1 to `most`, the best. */
export function ScoreTag({ score, most }: { score: number; most: number }) {
  const { t } = useTranslation("surveys");
  return <StatusTag tone={toneOf(score, most)}>{t("score", { score, most })}</StatusTag>;
}
