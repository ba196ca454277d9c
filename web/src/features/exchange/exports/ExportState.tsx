import { Progress, Typography } from "antd";
import { useTranslation } from "react-i18next";
import { StatusTag, type Tone } from "@/ui/StatusTag";
import type { Export } from "./queries";

const TONES: Partial<Record<Export["state"], Tone>> = {
  ready: "ready",
  running: "talk",
  waiting: "ring",
  failed: "break",
  refused: "break",
};

/** The state in words, how far it is, and why it waits or failed. */
export function ExportState({ row }: { row: Export }) {
  const { t } = useTranslation(["exchange", "problems"]);
  const why = row.problem
    ? [t(`problems:${row.problem}`, { defaultValue: row.problem })]
    : row.state === "waiting"
      ? row.beyond.map((limit) => t(`exports.beyond.${limit}`))
      : [];
  const notes = [
    ...why,
    ...(row.reason ? [t("exports.reason", { reason: row.reason })] : []),
    ...(row.decided_by_name ? [t("exports.decided", { name: row.decided_by_name })] : []),
  ];
  return (
    <div style={{ minWidth: 140 }}>
      <StatusTag tone={TONES[row.state] ?? "off"}>{t(`exports.states.${row.state}`)}</StatusTag>
      {row.state === "running" && (
        <Progress
          aria-label={t("working.progress")}
          size="small"
          percent={Math.floor((100 * row.finished) / Math.max(1, row.total))}
          format={() => t("exports.progress", { finished: row.finished, total: row.total })}
        />
      )}
      {notes.map((note) => (
        <Typography.Text key={note} type="secondary" style={{ display: "block" }}>
          {note}
        </Typography.Text>
      ))}
    </div>
  );
}
