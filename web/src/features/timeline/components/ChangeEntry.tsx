import { Button } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useTimeZone } from "@/api/session";
import { formatInstant } from "@/lib/time";
import type { Change } from "../model/queries";
import styles from "./Entry.module.css";

const SHOWN = 4;

function written(value: unknown): string {
  if (value === null || value === undefined || value === "") return "";
  if (Array.isArray(value)) return value.map(written).join(", ");
  if (typeof value === "object") return Object.values(value).map(written).filter(Boolean).join(" ");
  return String(value);
}

/** Who changed what of the record, from what to what. */
export function ChangeEntry({ change }: { change: Change }) {
  const { t, i18n } = useTranslation("timeline");
  const zone = useTimeZone();
  const [isWhole, setWhole] = useState(false);
  const name = change.by_name;
  const isCreation = change.action === "customer.created";
  const title = isCreation
    ? t("change.created", { name })
    : change.action === "customer.changed"
      ? t("change.changed", { name })
      : t("change.other", { name, action: change.action });
  const fieldName = (field: string) =>
    i18n.exists(`timeline:field.${field}`) ? t(`field.${field as "name"}`) : field;
  const fields = isWhole ? change.fields : change.fields.slice(0, SHOWN);
  const rest = change.fields.length - fields.length;
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
            <dt>{fieldName(field)}</dt>
            <dd>
              {!isCreation && (
                <>
                  <span className={styles.old}>{written(before) || t("change.nothing")}</span>
                  {" → "}
                </>
              )}
              {written(after) || t("change.nothing")}
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
