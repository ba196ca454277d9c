import { Button, Tooltip } from "antd";
import type { ReactNode } from "react";
import { type Action, usePrintedKeys } from "@/lib/shortcuts";
import styles from "./CallBar.module.css";

interface Props {
  isOn: boolean;
  isDisabled: boolean;
  on: string;
  off: string;
  /** whose shortcut does the same */
  action: Action;
  icon: ReactNode;
  onToggle: () => void;
}

/** A name with its shortcut behind it, where it has one. */
export function withKeys(name: string, keys: string): string {
  return keys ? `${name} (${keys})` : name;
}

/** A switch whose colour and word both say that it is on. */
export function BarToggle({ isOn, isDisabled, on, off, action, icon, onToggle }: Props) {
  const keys = usePrintedKeys(action);
  return (
    <Tooltip title={withKeys(isOn ? on : off, keys)}>
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
