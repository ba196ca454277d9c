import { BaseEdge, type EdgeProps, getBezierPath, getSmoothStepPath } from "@xyflow/react";
import { memo } from "react";
import type { WayEdge } from "./drawing";

const COLOURS = {
  added: "var(--ready)",
  removed: "var(--error)",
  changed: "var(--acw)",
  path: "var(--error)",
  passed: "var(--talk)",
  here: "var(--ready)",
} as const;
const DASHED: ReadonlySet<string> = new Set(["removed", "path"]);

/** A way from an exit to a step. One that goes back is led around below instead of through what it passes. */
export const Way = memo(function Way(props: EdgeProps<WayEdge>) {
  const { data, selected, sourceX, targetX, sourceY, targetY } = props;
  const isBack = targetX < sourceX + 20;
  const [path] = isBack
    ? getSmoothStepPath({
        ...props,
        borderRadius: 12,
        offset: 28,
        centerY: Math.max(sourceY, targetY) + 90,
      })
    : getBezierPath(props);
  const colour = data?.mark ? COLOURS[data.mark] : undefined;
  return (
    <BaseEdge
      path={path}
      interactionWidth={24}
      style={{
        stroke: data?.isOver || selected ? "var(--primary)" : (colour ?? "var(--text-3)"),
        strokeWidth: data?.isOver ? 4 : selected || colour ? 2.5 : 1.5,
        ...(data?.mark && DASHED.has(data.mark) && { strokeDasharray: "6 4" }),
      }}
      {...(props.markerEnd !== undefined && { markerEnd: props.markerEnd })}
    />
  );
});
