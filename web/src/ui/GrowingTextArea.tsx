import type { TextareaHTMLAttributes } from "react";
import styles from "./GrowingTextArea.module.css";

type Props = Omit<TextareaHTMLAttributes<HTMLTextAreaElement>, "className" | "rows" | "style">;

/**
 * A text field that grows with what is typed, to eight lines. By CSS alone: Ant Design's `autoSize` measures with a
 * style attribute, which the page's policy forbids, and weighs six kB.
 */
export function GrowingTextArea(props: Props) {
  return <textarea {...props} rows={3} className={styles.area} />;
}
