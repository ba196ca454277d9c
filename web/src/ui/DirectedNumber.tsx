import { ArrowDownLeft, ArrowUpRight } from "lucide-react";
import styles from "./DirectedNumber.module.css";

interface Props {
  direction: "inbound" | "outbound";
  /** The direction in words, for screen readers. */
  label: string;
  /** As it is to be shown: formatted, masked where it must be. */
  number: string;
}

/** A number with an arrow that says who called whom. */
export function DirectedNumber({ direction, label, number }: Props) {
  const Direction = direction === "outbound" ? ArrowUpRight : ArrowDownLeft;
  return (
    <span className={styles.number}>
      <Direction size={14} aria-label={label} />
      {number}
    </span>
  );
}
