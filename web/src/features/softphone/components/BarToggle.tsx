import { Button, Tooltip } from "antd";
import type { ReactNode } from "react";
import styles from "./CallBar.module.css";

interface Props {
  isOn: boolean;
  isDisabled: boolean;
  on: string;
  off: string;
  keys: string;
  icon: ReactNode;
  onToggle: () => void;
}

/** A switch whose colour and word both say that it is on. */
export function BarToggle({ isOn, isDisabled, on, off, keys, icon, onToggle }: Props) {
  return (
    <Tooltip title={`${isOn ? on : off} (${keys})`}>
      <Button
        type="text"
        shape={isOn ? "round" : "circle"}
        className={isOn ? (styles.on ?? "") : ""}
        disabled={isDisabled}
        icon={icon}
        aria-label={isOn ? on : off}
        aria-pressed={isOn}
        onClick={onToggle}
      >
        {isOn ? on : null}
      </Button>
    </Tooltip>
  );
}
