import { Button } from "antd";
import { Pencil, Phone } from "lucide-react";
import { lazy, Suspense, useState } from "react";
import { useTranslation } from "react-i18next";
import type { Schema } from "@/api/client";
import { useRight } from "@/api/session";
import { useDial } from "@/features/softphone";
import { formatNumber } from "@/lib/numbers";
import styles from "./CustomerPane.module.css";

const EditCustomer = lazy(async () => ({ default: (await import("./EditCustomer")).EditCustomer }));

/** Who the customer is, with numbers to call. */
export function CustomerCard({ customer }: { customer: Schema<"CustomerOut"> }) {
  const { t } = useTranslation(["desk", "api"]);
  const { dial, isDialling } = useDial();
  const mayWrite = useRight("customers.write");
  const [isEditing, setEditing] = useState(false);
  const first = customer.numbers[0];
  const facts = [
    [t("customer.level"), t(`api:level.${customer.level}`)],
    [t("customer.company"), customer.company],
    [t("customer.product"), customer.product],
    [t("customer.purchased"), customer.purchased_on],
    [t("customer.address"), customer.address],
    [t("customer.hobbies"), customer.hobbies],
    [t("customer.owner"), customer.owner?.name],
    [t("customer.note"), customer.note],
  ].filter(([, value]) => value);
  return (
    <>
      <header className={styles.head}>
        <span className={styles.avatar} aria-hidden>
          {[...customer.name][0]}
        </span>
        <div>
          <h2 className={styles.name}>{customer.name}</h2>
          <p className={styles.minor}>
            {[first && formatNumber(first.masked), first?.place].filter(Boolean).join(" · ")}
          </p>
        </div>
        {mayWrite && (
          <Button
            type="text"
            style={{ marginLeft: "auto" }}
            icon={<Pencil size={16} />}
            aria-label={t("customer.edit")}
            onClick={() => setEditing(true)}
          />
        )}
      </header>
      <dl className={styles.facts}>
        {facts.map(([name, value]) => (
          <div key={name} className={styles.fact}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
      {customer.numbers.length > 0 && (
        <section>
          <h3 className={styles.heading}>{t("customer.numbers")}</h3>
          {customer.numbers.map((number) => (
            <p key={number.id} className={styles.number}>
              <span>
                <span className="numbers">{formatNumber(number.masked)}</span>{" "}
                <span className={styles.minor}>{number.place}</span>
              </span>
              <Button
                size="small"
                icon={<Phone size={14} />}
                disabled={isDialling}
                aria-label={t("customer.call", { number: formatNumber(number.masked) })}
                onClick={() => void dial({ customer_number_id: number.id })}
              />
            </p>
          ))}
        </section>
      )}
      {isEditing && (
        <Suspense fallback={null}>
          <EditCustomer customer={customer} onClose={() => setEditing(false)} />
        </Suspense>
      )}
    </>
  );
}
