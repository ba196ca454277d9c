import { Input } from "antd";
import type { TextAreaProps } from "antd/es/input";
import styles from "./GrowingTextArea.module.css";

/**
 * A text field that grows with what is typed, to eight lines. By CSS alone: Ant Design's own `autoSize` measures
 * with a style attribute, which the page's policy forbids.
 */
export function GrowingTextArea(props: Omit<TextAreaProps, "autoSize" | "rows" | "className">) {
  return <Input.TextArea {...props} rows={3} className={styles.area ?? ""} />;
}
