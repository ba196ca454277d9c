import { Alert } from "antd";
import { useTranslation } from "react-i18next";
import type { ErasurePreview as Preview } from "../model/queries";
import styles from "./ErasureDrawer.module.css";
import { useErasureWords } from "./useErasureWords";

/** What goes with its counts, and what stays with the reason, in words. */
export function ErasurePreview({ preview }: { preview: Preview }) {
  const { t } = useTranslation("privacy");
  const { whatIs, whyIs } = useErasureWords();
  return (
    <div className={styles.preview}>
      <Alert
        type="error"
        showIcon
        title={t("erase.forever")}
        {...(preview.needs_approval && { description: t("erase.needsApproval") })}
      />
      <section>
        <h3 className={styles.title}>{t("erase.goes")}</h3>
        <ul className={styles.counted}>
          {Object.entries(preview.goes).map(([what, count]) => (
            <li key={what}>
              <span>{whatIs(what)}</span>
              <span className={styles.count}>{count}</span>
            </li>
          ))}
        </ul>
        <p className={styles.minor}>{t("erase.everywhere")}</p>
      </section>
      <section>
        <h3 className={styles.title}>{t("erase.stays")}</h3>
        <ul className={styles.counted}>
          {preview.kept.map(({ what, count, why }) => (
            <li key={what}>
              <span>
                {whatIs(what)}
                <span className={styles.minor}> {whyIs(why)}</span>
              </span>
              <span className={styles.count}>{count}</span>
            </li>
          ))}
        </ul>
        {preview.kept.length === 0 && <p className={styles.minor}>{t("erase.nothingStays")}</p>}
        <p className={styles.minor}>{t("erase.backups")}</p>
      </section>
    </div>
  );
}
