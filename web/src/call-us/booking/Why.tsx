import type { ApiProblem } from "@/api/problem";
import type { Words } from "../words";
import styles from "./Booking.module.css";

/** Why something was not done, and what to do instead. */
export function Why({ t, problem }: { t: Words; problem: ApiProblem }) {
  const known = t.booking.why as Record<string, string>;
  return (
    <p role="alert" className={styles.why}>
      {known[problem.code] ?? t.booking.why.other}
    </p>
  );
}
