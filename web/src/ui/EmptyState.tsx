import type { LucideIcon } from "lucide-react";
import type { ReactNode } from "react";
import styles from "./EmptyState.module.css";

interface Props {
  icon: LucideIcon;
  /** What this place is. */
  title: string;
  /** Why it is empty, and what comes here. */
  hint?: string;
  /** The one thing to do now. */
  action?: ReactNode;
  /** It is all that the page shows: its title is the page's heading. */
  isPage?: boolean;
}

export function EmptyState({ icon: Icon, title, hint, action, isPage = false }: Props) {
  return (
    <div className={styles.empty}>
      <span className={styles.icon}>
        <Icon size={26} aria-hidden strokeWidth={1.6} />
      </span>
      {isPage ? <h1 className={styles.title}>{title}</h1> : <strong>{title}</strong>}
      {hint && <p className={styles.hint}>{hint}</p>}
      {action}
    </div>
  );
}
