import { Button } from "antd";
import { Pencil, Phone } from "lucide-react";
import { lazy, Suspense, useState } from "react";
import { useTranslation } from "react-i18next";
import type { Schema } from "@/api/client";
import { useRight } from "@/api/session";
import { CustomerDrawer } from "@/features/customers";
import { useDial } from "@/features/softphone";
import { formatNumber } from "@/lib/numbers";
import styles from "./CustomerPane.module.css";

const CustomerFacts = lazy(async () => ({
  default: (await import("@/ui/record-form/CustomerFacts")).CustomerFacts,
}));

/** Who the customer is, with numbers to call. */
export function CustomerCard({ customer }: { customer: Schema<"CustomerOut"> }) {
  const { t } = useTranslation(["desk", "api"]);
  const { dial, isDialling } = useDial();
  const mayWrite = useRight("customers.write");
  const [isEditing, setEditing] = useState(false);
  const first = customer.numbers[0];
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
      <Suspense fallback={null}>
        <CustomerFacts customer={customer} />
      </Suspense>
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
          <CustomerDrawer
            customer={customer}
            onClose={() => setEditing(false)}
            onSaved={() => setEditing(false)}
          />
        </Suspense>
      )}
    </>
  );
}
