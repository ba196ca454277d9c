import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { sessionQuery, useTimeZone } from "@/api/session";
import { formatInstant } from "@/lib/time";
import type { Erasure } from "../model/queries";
import styles from "./Certificate.module.css";
import { ErasureState } from "./ErasureState";
import { useErasureWords } from "./useErasureWords";

/** What was asked for, by whom, and what was done; it names nobody whom it was about. */
export function Certificate({ erasure }: { erasure: Erasure }) {
  const { t } = useTranslation("privacy");
  const zone = useTimeZone();
  const { whatIs, whyIs } = useErasureWords();
  const isDone = erasure.state === "done";
  const facts = [
    [t("certificate.number"), erasure.number],
    [t("certificate.company"), useQuery(sessionQuery).data?.company?.name ?? ""],
    [t("certificate.customer"), String(erasure.customer_id)],
    [t("list.reason"), erasure.reason],
    [t("list.by"), erasure.by_name],
    [t("list.at"), formatInstant(erasure.ordered_at, zone)],
    [t("certificate.decidedBy"), erasure.decided_by_name || (isDone ? t("certificate.alone") : "")],
    [t("list.done"), erasure.done_at ? formatInstant(erasure.done_at, zone) : ""],
  ] as const;
  const goes = Object.entries(erasure.counts);
  return (
    <article className={styles.certificate}>
      <header className={styles.head}>
        <h1 className={styles.name}>{t(isDone ? "certificate.title" : "certificate.request")}</h1>
        <div>
          <ErasureState erasure={erasure} />
        </div>
      </header>
      <dl className={styles.facts}>
        {facts
          .filter(([, value]) => value)
          .map(([name, value]) => (
            <div key={name}>
              <dt>{name}</dt>
              <dd>{value}</dd>
            </div>
          ))}
      </dl>
      {isDone && (
        <>
          <section>
            <h2 className={styles.title}>{t("certificate.goes")}</h2>
            {goes.length === 0 && <p>{t("certificate.nothing")}</p>}
            <dl className={styles.counts}>
              {goes.map(([what, count]) => (
                <div key={what}>
                  <dt>{whatIs(what)}</dt>
                  <dd>{count}</dd>
                </div>
              ))}
            </dl>
          </section>
          {erasure.kept.length > 0 && (
            <section>
              <h2 className={styles.title}>{t("certificate.kept")}</h2>
              <dl className={styles.counts}>
                {erasure.kept.map(({ what, count, why }) => (
                  <div key={what}>
                    <dt>
                      {whatIs(what)}
                      <span className={styles.minor}> {whyIs(why)}</span>
                    </dt>
                    <dd>{count}</dd>
                  </div>
                ))}
              </dl>
            </section>
          )}
          <p>{t("certificate.statement")}</p>
          <p className={styles.minor}>{t("certificate.nobody")}</p>
        </>
      )}
    </article>
  );
}
