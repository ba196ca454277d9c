import { type KeyboardEvent, useState } from "react";
import { useTranslation } from "react-i18next";
import styles from "./Keypad.module.css";

const KEYS = ["1", "2", "3", "4", "5", "6", "7", "8", "9", "*", "0", "#"] as const;

/** Tones for the other side's menus, by click or by typing while the keypad has the focus. */
export function Keypad({ onDigit }: { onDigit: (digit: string) => void }) {
  const { t } = useTranslation("softphone");
  const [sent, setSent] = useState("");
  const press = (digit: string) => {
    setSent((before) => before + digit);
    onDigit(digit);
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.nativeEvent.isComposing || event.altKey || event.ctrlKey || event.metaKey) return;
    if (!(KEYS as readonly string[]).includes(event.key)) return;
    event.preventDefault();
    press(event.key);
  };
  return (
    <section className={styles.pad} aria-label={t("call.keypad")} onKeyDown={onKeyDown}>
      <output className={styles.sent} aria-label={t("keypad.sent")}>
        {sent || t("keypad.hint")}
      </output>
      {KEYS.map((digit, index) => (
        <button
          key={digit}
          type="button"
          className={styles.key}
          // biome-ignore lint/a11y/noAutofocus: the keypad was just asked for, and takes typed digits
          autoFocus={index === 0}
          onClick={() => press(digit)}
        >
          {digit}
        </button>
      ))}
    </section>
  );
}
