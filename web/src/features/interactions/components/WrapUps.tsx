import { useTranslation } from "react-i18next";
import { useTimeZone } from "@/api/session";
import { formatInstant } from "@/lib/time";
import { Card } from "@/ui/Page";
import { StatusTag } from "@/ui/StatusTag";
import type { ContactDetail } from "../model/queries";
import styles from "./ContactFacts.module.css";

/** What the agents wrote down. */
export function WrapUps({ wrapUps }: { wrapUps: ContactDetail["wrap_ups"] }) {
  const { t } = useTranslation("interactions");
  const zone = useTimeZone();
  return (
    <Card title={t("wrapUp.title")}>
      {wrapUps.length === 0 && <p className={styles.minor}>{t("wrapUp.none")}</p>}
      {wrapUps.map((wrapUp) => (
        <section key={wrapUp.agent} className={styles.wrapUp}>
          <p>
            <strong>{wrapUp.agent_name}</strong>{" "}
            <span className={styles.minor}>
              {wrapUp.completed_at ? formatInstant(wrapUp.completed_at, zone) : t("wrapUp.draft")}
            </span>
          </p>
          <p className={styles.tags}>
            {wrapUp.disposition && <StatusTag tone="talk">{wrapUp.disposition}</StatusTag>}
            {wrapUp.result && <StatusTag tone="off">{t(`result.${wrapUp.result as "resolved"}`)}</StatusTag>}
          </p>
          {wrapUp.note && <p className={styles.note}>{wrapUp.note}</p>}
        </section>
      ))}
    </Card>
  );
}
