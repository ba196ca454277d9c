import { useTranslation } from "react-i18next";
import styles from "./FlowCanvas.module.css";

/** Stands for the panel of a step that a held key only passes: all of its fields are dear to draw. */
export function PassedPanel({ title }: { title: string }) {
  const { t } = useTranslation("flows");
  return (
    <aside className={styles.passed} aria-label={t("canvas.panel")}>
      <h2>{title}</h2>
    </aside>
  );
}
