import { useTranslation } from "react-i18next";
import { type Change, toLine } from "../model/changes";
import { useAuditWords } from "../model/words";
import styles from "./Changes.module.css";

/** Before and after, field by field. */
export function Changes({ changes }: { changes: readonly Change[] }) {
  const { t } = useTranslation("audit");
  const { field: nameOf } = useAuditWords();
  if (changes.length === 0) return <p className={styles.none}>{t("noChanges")}</p>;
  return (
    <table className={styles.changes}>
      <thead>
        <tr>
          <th scope="col">{t("field")}</th>
          <th scope="col">{t("before")}</th>
          <th scope="col">{t("after")}</th>
        </tr>
      </thead>
      <tbody>
        {changes.map(({ field, before, after }) => (
          <tr key={field}>
            <th scope="row">{nameOf(field)}</th>
            <td>{toLine(before) && <del>{toLine(before)}</del>}</td>
            <td>{toLine(after) && <ins>{toLine(after)}</ins>}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
