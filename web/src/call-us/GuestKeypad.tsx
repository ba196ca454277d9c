import { useState } from "react";
import styles from "./CallUsPage.module.css";

const KEYS = ["1", "2", "3", "4", "5", "6", "7", "8", "9", "*", "0", "#"] as const;

/** Keys for the menus that the visitor hears. */
export function GuestKeypad({ label, onDigit }: { label: string; onDigit: (digit: string) => void }) {
  const [pressed, setPressed] = useState("");
  const press = (digit: string) => {
    setPressed((before) => (before + digit).slice(-12));
    onDigit(digit);
  };
  return (
    <fieldset className={styles.pad}>
      <legend>{label}</legend>
      <output className={styles.pressed}>{pressed}</output>
      {KEYS.map((digit) => (
        <button key={digit} type="button" onClick={() => press(digit)}>
          {digit}
        </button>
      ))}
    </fieldset>
  );
}
