import type { ReactNode } from "react";
import styles from "./StatusTag.module.css";

/** What a colour means here; never the colour alone: the text says it too. */
export type Tone = "ready" | "talk" | "acw" | "break" | "ring" | "off";

export function StatusTag({
  tone,
  children,
  hasDot = false,
}: {
  tone: Tone;
  children: ReactNode;
  hasDot?: boolean;
}) {
  return (
    <span className={styles.tag} data-tone={tone}>
      {hasDot && <span className={styles.dot} aria-hidden />}
      {children}
    </span>
  );
}
