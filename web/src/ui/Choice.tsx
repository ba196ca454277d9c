import { useId } from "react";
import styles from "./Choice.module.css";

interface Props<Value extends string> {
  /** Names the group for screen readers, where no visible text does (`labelledBy`). */
  label?: string;
  labelledBy?: string;
  value: Value | "";
  options: readonly { value: Value; label: string }[];
  onChange: (value: Value) => void;
}

/** One of a few, all in sight. Native radio buttons under the paint: arrows, labels and forms work by themselves. */
export function Choice<Value extends string>({ label, labelledBy, value, options, onChange }: Props<Value>) {
  const name = useId();
  return (
    <div className={styles.group} role="radiogroup" aria-label={label} aria-labelledby={labelledBy}>
      {options.map((option) => (
        <label key={option.value} className={styles.option}>
          <input
            type="radio"
            className="visually-hidden"
            name={name}
            checked={option.value === value}
            onChange={() => onChange(option.value)}
          />
          <span>{option.label}</span>
        </label>
      ))}
    </div>
  );
}
