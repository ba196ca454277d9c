import { Button } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { Pop } from "@/api/interactions";
import { useTimeZone } from "@/api/session";
import { formatNumber } from "@/lib/numbers";
import { formatShortInstant } from "@/lib/time";
import { useServerNow } from "@/live/useServerNow";
import { StatusTag } from "@/ui/StatusTag";
import styles from "../../components/CustomerPane.module.css";
import { useLinkCustomer } from "../../model/useLinkCustomer";
import { NewCustomer } from "./NewCustomer";

/** Several customers have this number: the agent asks and says which it is, or that it is somebody new. */
export function CustomerChooser({ interaction, pop }: { interaction: string; pop: Pop }) {
  const { t } = useTranslation(["known", "desk", "api"]);
  const zone = useTimeZone();
  const now_ms = useServerNow();
  const { link, isLinking } = useLinkCustomer(interaction);
  const [isNew, setNew] = useState(false);
  if (isNew) return <NewCustomer interaction={interaction} pop={pop} onBack={() => setNew(false)} />;
  return (
    <section>
      <h2 className={styles.name}>{t("several", { count: pop.matches.length })}</h2>
      <p className={styles.minor}>
        {[formatNumber(pop.masked ?? ""), pop.place].filter(Boolean).join(" · ")}
      </p>
      <ul style={{ margin: "12px 0" }}>
        {pop.matches.map(({ customer, times_called, last, open }) => (
          <li key={customer.id} className={styles.choice}>
            <span className={styles.choiceHead}>
              <strong>{customer.name}</strong>
              {customer.level !== "ordinary" && (
                <StatusTag tone="acw">{t(`api:level.${customer.level}`)}</StatusTag>
              )}
            </span>
            <span className={styles.minor}>
              {[customer.company, customer.product].filter(Boolean).join(" · ")}
            </span>
            <span className={styles.minor}>
              {[
                t("desk:contact.times", { count: times_called }),
                last[0] && t("last", { time: formatShortInstant(last[0].started_at, zone, now_ms) }),
                open.length > 0 && t("openMatters", { count: open.length }),
              ]
                .filter(Boolean)
                .join(" · ")}
            </span>
            <Button
              size="small"
              disabled={isLinking}
              aria-label={t("isThisOne", { name: customer.name })}
              onClick={() => void link({ customer_id: customer.id })}
            >
              {t("isThis")}
            </Button>
          </li>
        ))}
      </ul>
      <Button block onClick={() => setNew(true)}>
        {t("isNew")}
      </Button>
    </section>
  );
}
