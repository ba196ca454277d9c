import type { ExitWords } from "../model/kinds";
import styles from "./ExitLabel.module.css";

/** A way out of a step: the key that chooses it, if one does, and what it means. */
export function ExitLabel({ exit: { key, words } }: { exit: ExitWords }) {
  if (key === null) return words;
  return (
    <>
      <kbd className={styles.key}>{key}</kbd> {words}
    </>
  );
}
