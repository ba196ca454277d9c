import { useTranslation } from "react-i18next";
import styles from "./TrialPanel.module.css";

const KEYS = ["1", "2", "3", "4", "5", "6", "7", "8", "9", "*", "0", "#"];

/** The keys of a telephone. */
export function TelephoneKeys({ isDisabled, onKey }: { isDisabled: boolean; onKey: (key: string) => void }) {
  const { t } = useTranslation("trial-call");
  return (
    <fieldset className={styles.keys} aria-label={t("keys")}>
      {KEYS.map((key) => (
        // told as disabled and not made so: a cursor that stands here stays while the call is played
        <button key={key} type="button" aria-disabled={isDisabled} onClick={() => !isDisabled && onKey(key)}>
          {key}
        </button>
      ))}
    </fieldset>
  );
}
