import { ArrowDownLeft, ArrowLeftRight, ArrowUpRight } from "lucide-react";
import styles from "./DirectedNumber.module.css";

/** Who called whom; a call between colleagues goes neither in nor out. */
export const DIRECTION_ICONS = { inbound: ArrowDownLeft, outbound: ArrowUpRight, internal: ArrowLeftRight };

interface Props {
  direction: keyof typeof DIRECTION_ICONS;
  /** The direction in words, for screen readers. */
  label: string;
  /** As it is to be shown: formatted, masked where it must be. */
  number: string;
}

/** A number with an arrow that says who called whom. */
export function DirectedNumber({ direction, label, number }: Props) {
  const Direction = DIRECTION_ICONS[direction];
  return (
    <span className={styles.number}>
      <Direction size={14} aria-label={label} />
      {number}
    </span>
  );
}
