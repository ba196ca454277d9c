import { useTranslation } from "react-i18next";
import type { Change } from "../model/changes";
import { type NameOf, useValueWords } from "../model/useValueWords";
import { toLines } from "../model/values";
import { useAuditWords } from "../model/words";
import styles from "./Changes.module.css";

interface Props {
  changes: readonly Change[];
  /** what ids are called, where the reader may know it */
  nameOf?: NameOf;
}

/** Before and after, field by field, in words. */
export function Changes({ changes, nameOf }: Props) {
  const { t } = useTranslation("audit");
  const { field: wordOf } = useAuditWords();
  const words = useValueWords(nameOf);
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
        {changes.map(({ field, step = field, before, after }) => {
          const [old, now] = toLines(before, after, step, words);
          return (
            <tr key={field}>
              <th scope="row">{wordOf(field)}</th>
              <td>{old && <del>{old}</del>}</td>
              <td>{now && <ins>{now}</ins>}</td>
            </tr>
          );
        })}
      </tbody>
    </table>
  );
}
