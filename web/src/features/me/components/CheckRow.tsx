import { CircleAlert, CircleCheck, CircleDashed, LoaderCircle } from "lucide-react";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import styles from "./CheckRow.module.css";

export type CheckState = "open" | "running" | "good" | "bad";

const ICONS = { open: CircleDashed, running: LoaderCircle, good: CircleCheck, bad: CircleAlert };

interface Props {
  title: string;
  state: CheckState;
  /** What was found, in plain words; when bad, what to do. */
  result: string;
  children?: ReactNode;
}

/** One line of the device check: its verdict as icon and word, and the means to try it. */
export function CheckRow({ title, state, result, children }: Props) {
  const { t } = useTranslation("me");
  const Icon = ICONS[state];
  return (
    <section className={styles.row} data-state={state} aria-label={title}>
      <Icon className={styles.icon} size={22} role="img" aria-label={t(`check.${state}`)} />
      <div className={styles.text}>
        <h2 className={styles.title}>{title}</h2>
        <p className={styles.result} role="status">
          {result}
        </p>
      </div>
      <div className={styles.means}>{children}</div>
    </section>
  );
}
