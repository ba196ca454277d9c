import { useTranslation } from "react-i18next";
import styles from "./TrialPanel.module.css";
import type { Trial } from "./walk";

/** What was collected so far; of a masked step the name alone. */
export function TrialValues({ values }: { values: Trial["values"] }) {
  const { t } = useTranslation("trial-call");
  if (values.length === 0) return null;
  return (
    <dl className={styles.values} aria-label={t("values")}>
      {values.map(({ name, text }) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd>{text ?? <span title={t("masked")}>••••</span>}</dd>
        </div>
      ))}
    </dl>
  );
}
