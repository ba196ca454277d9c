import type { ReactNode } from "react";
import styles from "./PageHeader.module.css";

/** The head of an ordinary page: its name, a sentence on what it is for, its actions at the right. */
export function PageHeader({ title, hint, actions }: { title: string; hint?: string; actions?: ReactNode }) {
  return (
    <header className={styles.header}>
      <div>
        <h1 className={styles.title}>{title}</h1>
        {hint && <p className={styles.hint}>{hint}</p>}
      </div>
      {actions && <div className={styles.actions}>{actions}</div>}
    </header>
  );
}
