import { useTranslation } from "react-i18next";
import type { Pop } from "@/api/interactions";
import styles from "./Known.module.css";

/** What came along with an unknown caller: the keys pressed on the way, and what the carrier or a shop attached. */
export function CallerTold({ pop }: { pop: Pop }) {
  const { t } = useTranslation("known");
  const told = [
    ...(pop.path.length > 0
      ? [
          [
            t("path"),
            pop.path.map(({ key, label }) => (label ? `${key} ${label}` : key)).join(" › "),
          ] as const,
        ]
      : []),
    ...Object.entries(pop.data),
  ];
  if (told.length === 0) return null;
  return (
    <dl className={styles.told} aria-label={t("told")}>
      {told.map(([name, value]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  );
}
