import styles from "./KbdHint.module.css";

/** A key as it is printed on the keyboard. */
export function KbdHint({ keys }: { keys: string }) {
  return <kbd className={styles.key}>{keys}</kbd>;
}
