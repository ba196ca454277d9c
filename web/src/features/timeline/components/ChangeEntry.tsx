import { Button } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useTimeZone } from "@/api/session";
import { formatInstant } from "@/lib/time";
import type { Change } from "../model/queries";
import { isTold, useChangeWords } from "../model/useChangeWords";
import styles from "./Entry.module.css";

const SHOWN = 4;

/** Who changed what of the record, from what to what. */
export function ChangeEntry({ change }: { change: Change }) {
  const { t, i18n } = useTranslation("timeline");
  const zone = useTimeZone();
  const [isWhole, setWhole] = useState(false);
  const words = useChangeWords();
  const name = change.by === null && change.by_name === "system" ? t("change.system") : change.by_name;
  const isCreation = change.action === "customer.created";
  const verb = `change.actions.${change.action.replace("customer.", "").replace(".", "_")}`;
  const title = i18n.exists(`timeline:${verb}`)
    ? t(verb as "change.actions.created", { name })
    : t("change.other", { name, action: change.action });
  const told = change.fields.filter(({ field }) => isTold(field));
  const fields = isWhole ? told : told.slice(0, SHOWN);
  const rest = told.length - fields.length;
  return (
    <>
      <p className={styles.line}>
        <time dateTime={change.at} className={styles.when}>
          {formatInstant(change.at, zone).slice(11)}
        </time>
        <span>{title}</span>
      </p>
      <dl className={styles.fields}>
        {fields.map(({ field, before, after }) => (
          <div key={field} style={{ display: "contents" }}>
            <dt>{words.name(field)}</dt>
            <dd>
              {!isCreation && words.value(field, before) && (
                <>
                  <span className={styles.old}>{words.value(field, before)}</span>
                  {" → "}
                </>
              )}
              {words.value(field, after) || t("change.nothing")}
            </dd>
          </div>
        ))}
      </dl>
      {rest > 0 && (
        <Button type="link" size="small" onClick={() => setWhole(true)}>
          {t("change.more", { count: rest })}
        </Button>
      )}
    </>
  );
}
