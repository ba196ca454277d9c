import { type ReactNode, useId } from "react";
import styles from "./FormPart.module.css";

/** Fields of a long form that belong together, under a heading by which eyes and screen readers find them. */
export function FormPart({ title, children }: { title: string; children: ReactNode }) {
  const id = useId();
  return (
    <section aria-labelledby={id} className={styles.part}>
      <h3 id={id} className={styles.title}>
        {title}
      </h3>
      {children}
    </section>
  );
}
