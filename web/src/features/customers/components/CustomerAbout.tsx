import { Button } from "antd";
import { Pencil } from "lucide-react";
import { lazy, Suspense, useState } from "react";
import { useTranslation } from "react-i18next";
import { useRight, useTimeZone } from "@/api/session";
import { formatInstant } from "@/lib/time";
import { Card } from "@/ui/Page";
import { StatusTag } from "@/ui/StatusTag";
import { levelTone } from "../model/levels";
import type { Customer } from "../model/queries";
import styles from "./CustomerAbout.module.css";
import { CustomerMarks } from "./CustomerMarks";
import { DialNumber } from "./DialNumber";

const CustomerDrawer = lazy(async () => ({ default: (await import("./CustomerDrawer")).CustomerDrawer }));

/** Who the customer is, with numbers to call and everything that is known. */
export function CustomerAbout({ customer }: { customer: Customer }) {
  const { t } = useTranslation(["customers", "api"]);
  const zone = useTimeZone();
  const mayWrite = useRight("customers.write");
  const [isEditing, setEditing] = useState(false);
  const { customer_class: chosen, birthday } = customer;
  const facts = [
    ["kind", t(`kinds.${customer.kind}`)],
    [
      "class",
      chosen
        ? `${chosen.name} · ${chosen.by_hand ? chosen.reason || t("classByHand") : t("classByRule")}`
        : "",
    ],
    ["gender", customer.gender === "unknown" ? "" : t(`api:gender.${customer.gender}`)],
    ["company", customer.company],
    ["emails", customer.emails.join(", ")],
    ["address", customer.address],
    ["birthday", birthday ? [birthday.year, birthday.month, birthday.day].filter(Boolean).join("-") : ""],
    ["anniversary", customer.anniversary_on ?? ""],
    ["hobbies", customer.hobbies],
    ["type", customer.type],
    ["service", customer.service],
    ["monthlyValue", customer.monthly_value ?? ""],
    ["creditRating", customer.credit_rating],
    ["creditLimit", customer.credit_limit ?? ""],
    ["arrears", customer.arrears ?? ""],
    ["owner", customer.owner?.name ?? ""],
    ["created", formatInstant(customer.created_at, zone)],
    ["changed", formatInstant(customer.changed_at, zone)],
  ] as const;
  return (
    <Card>
      <header className={styles.head}>
        <span className={styles.avatar} aria-hidden>
          {[...customer.name][0]}
        </span>
        <div className={styles.who}>
          <h1 className={styles.name}>{customer.name}</h1>
          <span className={styles.marks}>
            <StatusTag tone={levelTone[customer.level]}>{t(`api:level.${customer.level}`)}</StatusTag>
            <CustomerMarks customer={customer} />
          </span>
        </div>
        {mayWrite && (
          <Button icon={<Pencil size={15} />} onClick={() => setEditing(true)}>
            {t("edit")}
          </Button>
        )}
      </header>
      <section className={styles.numbers} aria-label={t("field.numbers")}>
        {customer.numbers.map((number) => (
          <DialNumber key={number.id} number={number} />
        ))}
        {customer.numbers.length === 0 && <p className={styles.minor}>{t("noNumbers")}</p>}
      </section>
      <dl className={styles.facts}>
        {facts
          .filter(([, value]) => value)
          .map(([name, value]) => (
            <div key={name}>
              <dt>{t(`field.${name}`)}</dt>
              <dd>{value}</dd>
            </div>
          ))}
      </dl>
      {customer.note && (
        <section className={styles.note}>
          <h2>{t("field.note")}</h2>
          <p>{customer.note}</p>
        </section>
      )}
      {isEditing && (
        <Suspense fallback={null}>
          <CustomerDrawer
            customer={customer}
            onClose={() => setEditing(false)}
            onSaved={() => setEditing(false)}
          />
        </Suspense>
      )}
    </Card>
  );
}
