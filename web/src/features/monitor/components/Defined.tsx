import { Tooltip } from "antd";
import type { ReactNode } from "react";
import styles from "./Defined.module.css";

/** The name of a figure, with its definition behind it: hover, focus or touch shows how it is counted. */
export function Defined({ definition, children }: { definition: string; children: ReactNode }) {
  return (
    <Tooltip title={definition} trigger={["hover", "focus", "click"]} mouseEnterDelay={0.3}>
      <button type="button" className={styles.name} aria-description={definition}>
        {children}
      </button>
    </Tooltip>
  );
}
