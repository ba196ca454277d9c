import { Button } from "antd";
import { Pencil } from "lucide-react";
import { lazy, Suspense, useState } from "react";
import { useTranslation } from "react-i18next";
import { useRight, useTimeZone } from "@/api/session";
import { formatInstant } from "@/lib/time";
import { Card } from "@/ui/Page";
import { CustomerFacts } from "@/ui/record-form/CustomerFacts";
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
  const { customer_class: chosen } = customer;
  const facts = [
    ["kind", t(`kinds.${customer.kind}`)],
    [
      "class",
      chosen
        ? `${chosen.name} · ${chosen.by_hand ? chosen.reason || t("classByHand") : t("classByRule")}`
        : "",
    ],
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
        {mayWrite && customer.may_change && (
          <Button icon={<Pencil size={15} />} onClick={() => setEditing(true)}>
            {t("edit")}
          </Button>
        )}
      </header>
      {mayWrite && !customer.may_change && <p className={styles.minor}>{t("notYours")}</p>}
      <section className={styles.numbers} aria-label={t("field.numbers")}>
        {customer.numbers.map((number) => (
          <DialNumber key={number.id} number={number} />
        ))}
        {customer.numbers.length === 0 && <p className={styles.minor}>{t("noNumbers")}</p>}
      </section>
      <CustomerFacts customer={customer} />
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
