import { Tooltip } from "antd";
import styles from "./CutText.module.css";

interface Props {
  text: string;
  /** Stands above the whole text: who wrote it. */
  title?: string;
}

/** A text on one line of a list; the whole of it under the pointer, with the focus, or by a touch. */
export function CutText({ text, title }: Props) {
  const whole = (
    <div className={styles.whole}>
      {title && (
        <div>
          <strong>{title}</strong>
        </div>
      )}
      {text}
    </div>
  );
  return (
    <Tooltip
      trigger={["hover", "focus"]}
      placement="topLeft"
      title={whole}
      getPopupContainer={(cut) => cut.closest("main") ?? document.body}
      styles={{ root: { maxWidth: 460 } }}
    >
      <button type="button" className={styles.cut}>
        {text}
      </button>
    </Tooltip>
  );
}
