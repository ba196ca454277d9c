import { Handle, type NodeProps, Position } from "@xyflow/react";
import { TriangleAlert } from "lucide-react";
import { memo } from "react";
import { useTranslation } from "react-i18next";
import { ExitLabel } from "../components/ExitLabel";
import { StepCounters } from "../flow-counters/StepCounters";
import { lookOf } from "../model/kind-looks";
import { elementId, useCanvasWords } from "./CanvasContext";
import type { StepNode } from "./drawing";
import styles from "./StepCard.module.css";

/** A step on the canvas: what it is, what it does with what, and a line for each way out of it. */
export const StepCard = memo(function StepCard({ data, selected }: NodeProps<StepNode>) {
  const { step, lines, hasOnward, isStart, mark } = data;
  const { t } = useTranslation("flows");
  const { known, detailOf, numbers, troubles } = useCanvasWords();
  const { icon: Icon, tone } = lookOf(step.kind);
  const open = new Set(data.open === "" ? [] : data.open.split("\n"));
  const number = numbers.get(step.id);
  const title = `${number === undefined ? "" : `${number}. `}${known.nameOf(step.kind)}`;
  const detail = detailOf(step);
  const trouble = troubles.get(step.id);
  const marked = mark && t(`canvas.marks.${mark}`);
  return (
    // biome-ignore lint/a11y/useSemanticElements: it has no fields; the canvas names it as the step it stands at
    <div
      id={elementId(step.id)}
      role="group"
      aria-label={[title, detail, trouble, marked].filter(Boolean).join(", ")}
      className={styles.card}
      data-tone={tone}
      data-selected={selected}
      data-troubled={trouble !== undefined}
      data-mark={mark}
    >
      {!isStart && <Handle type="target" position={Position.Left} className={styles.in ?? ""} />}
      <div className={styles.head}>
        <span className={styles.icon}>
          <Icon size={17} aria-hidden />
        </span>
        <span className={styles.words}>
          <b>{title}</b>
          <span className={styles.detail}>{detail || step.id}</span>
        </span>
        {trouble !== undefined && (
          <span className={styles.trouble} title={trouble}>
            <TriangleAlert size={16} aria-hidden />
          </span>
        )}
        {hasOnward && <Out exit="next" isOpen={open.has("next")} className={styles.onward} />}
      </div>
      {lines.map((exit) => (
        <div key={exit} className={styles.exit} data-open={open.has(exit)}>
          <span className={styles.exitWords}>
            <ExitLabel exit={known.exitOf(step, exit)} />
          </span>
          <Out exit={exit} isOpen={open.has(exit)} className={styles.out} />
        </div>
      ))}
      <StepCounters step={step.id} />
      {marked !== undefined && <span className={styles.mark}>{marked}</span>}
    </div>
  );
});

function Out({ exit, isOpen, className }: { exit: string; isOpen: boolean; className: string | undefined }) {
  return (
    <Handle
      id={exit}
      type="source"
      position={Position.Right}
      className={className ?? ""}
      data-open={isOpen}
      data-exit={exit}
    />
  );
}
