import { Link } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { useTimeZone } from "@/api/session";
import { formatNumber } from "@/lib/numbers";
import { formatDuration, formatInstant } from "@/lib/time";
import { Card } from "@/ui/Page";
import type { ContactDetail } from "../model/queries";
import styles from "./ContactFacts.module.css";

/** The contact in facts: whose, by which way, how long each part took. */
export function ContactFacts({ contact }: { contact: ContactDetail }) {
  const { t } = useTranslation("interactions");
  const zone = useTimeZone();
  const length = (seconds: number) => (seconds > 0 ? formatDuration(seconds) : null);
  const facts = [
    [
      "customer",
      contact.customer && (
        <Link to="/customers/$customer" params={{ customer: String(contact.customer.id) }}>
          {contact.customer.name}
        </Link>
      ),
    ],
    ["number", formatNumber(contact.number ?? contact.masked) || t("withheld")],
    ["entry", formatNumber(contact.entry)],
    ["keys", contact.path.join(" → ")],
    ["queue", contact.queue_name],
    ["agent", contact.agent_name],
    ["started", formatInstant(contact.started_at, zone)],
    ["ended", contact.ended_at && formatInstant(contact.ended_at, zone)],
    ["endedBy", contact.ended_by && t(`endedBy.${contact.ended_by as "customer"}`)],
    ["waited", length(contact.wait_s)],
    ["talked", length(contact.talk_s)],
    ["held", length(contact.hold_s)],
    ["wrappedUp", length(contact.wrap_up_s)],
  ] as const;
  return (
    <Card title={t("facts")}>
      <dl className={styles.facts}>
        {facts
          .filter(([, value]) => value)
          .map(([name, value]) => (
            <div key={name}>
              <dt>{t(`column.${name}`)}</dt>
              <dd className="numbers">{value}</dd>
            </div>
          ))}
      </dl>
    </Card>
  );
}
