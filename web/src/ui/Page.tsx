import type { ReactNode } from "react";
import styles from "./Page.module.css";

/** The padding and width of an ordinary page; the desk and the boards lay themselves out. */
export function Page({ children, width = "full" }: { children: ReactNode; width?: "full" | "form" }) {
  return (
    <div className={styles.page} data-width={width}>
      {children}
    </div>
  );
}

/** A bordered surface on a page. */
export function Card({
  title,
  actions,
  children,
}: {
  title?: string;
  actions?: ReactNode;
  children: ReactNode;
}) {
  return (
    <section className={styles.card}>
      {(title || actions) && (
        <header className={styles.head}>
          {title && <h2 className={styles.title}>{title}</h2>}
          {actions}
        </header>
      )}
      {children}
    </section>
  );
}
