import type { KeyboardEvent, PointerEvent } from "react";
import { useTranslation } from "react-i18next";
import { setPanels } from "@/api/desk-preferences";
import { NARROWEST_PX, usePanels, WIDEST_PX, withinWidth } from "@/lib/panels";
import styles from "./Panels.module.css";

const STEP_PX = 16;

/** The edge of the side panel: drawn with the pointer, moved by the arrows. */
export function Resizer() {
  const { t } = useTranslation("panels");
  const width_px = usePanels((state) => state.width_px);
  const widen = (to_px: number) => setPanels({ width_px: withinWidth(to_px) });
  const drag = (event: PointerEvent<HTMLElement>) => {
    const { currentTarget: edge, pointerId, clientX } = event;
    edge.setPointerCapture(pointerId);
    edge.onpointermove = (moved) => widen(width_px + clientX - moved.clientX);
    edge.onpointerup = () => {
      edge.onpointermove = null;
      edge.onpointerup = null;
    };
  };
  const onKey = (event: KeyboardEvent) => {
    const by = { ArrowLeft: STEP_PX, ArrowRight: -STEP_PX }[event.key];
    if (by === undefined || event.altKey) return;
    event.preventDefault();
    widen(width_px + by);
  };
  return (
    // biome-ignore lint/a11y/useSemanticElements: a rule between two panes that moves; hr cannot
    <div
      role="separator"
      aria-orientation="vertical"
      aria-label={t("resize")}
      aria-valuenow={width_px}
      aria-valuemin={NARROWEST_PX}
      aria-valuemax={WIDEST_PX}
      tabIndex={0}
      className={styles.resizer}
      onPointerDown={drag}
      onKeyDown={onKey}
    />
  );
}
