import { useQuery } from "@tanstack/react-query";
import { Alert, Form, Tag } from "antd";
import { useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import { api, bodyOf } from "@/api/client";
import { formatNumber } from "@/lib/numbers";
import { type CustomerFields, shownNumber } from "../model/form";
import type { Customer } from "../model/queries";

const TYPING_PAUSE_MS = 500;
const NO_DRAFT = "";

/** Compares what is typed with the customers there are, and shows who may be meant before a second one is made. */
export function TypedDuplicates({ customer }: { customer: Customer | null }) {
  const { t } = useTranslation("duplicates");
  const { data } = useQuery(similarQuery(usePaused(useDraft(customer))));
  if (!data || data.items.length + data.beyond === 0) return null;
  return (
    <Alert
      type="warning"
      showIcon
      role="status"
      style={{ marginBottom: 16 }}
      title={t("typed.title")}
      description={
        <>
          {data.items.length > 0 && <p>{t("typed.hint")}</p>}
          <ul style={{ paddingLeft: 18 }}>
            {data.items.map(({ customer: known, reasons }) => (
              <li key={known.id}>
                <a href={`/customers/${known.id}`} target="_blank" rel="noreferrer">
                  {known.name}
                </a>{" "}
                {[known.company, known.numbers[0] && formatNumber(shownNumber(known.numbers[0]))]
                  .filter(Boolean)
                  .join(" · ")}{" "}
                {reasons.map((reason) => (
                  <Tag key={reason}>{t(`reason.${reason}`)}</Tag>
                ))}
              </li>
            ))}
          </ul>
          {data.beyond > 0 && <p>{t("typed.beyond", { count: data.beyond })}</p>}
        </>
      }
    />
  );
}

/** What is typed of the customer, as the API compares it, in one text; masked numbers are none. */
function useDraft(customer: Customer | null): string {
  const form = Form.useFormInstance<CustomerFields>();
  const name = Form.useWatch("name", form) ?? "";
  const company = Form.useWatch("company", form) ?? "";
  const kind = Form.useWatch("kind", form) ?? customer?.kind ?? "person";
  const emails = Form.useWatch("emails", form) ?? [];
  const { province = "", city = "", district = "", line = "" } = Form.useWatch("addresses", form)?.[0] ?? {};
  const address = [province, city, district, line].join("");
  const lines = Form.useWatch("numbers", form) ?? [];
  const numbers = lines
    .map((line) => line?.typed?.trim() ?? "")
    .filter((typed) => typed && !typed.includes("*"));
  if (name.trim().length < 2 && numbers.length + emails.length === 0) return NO_DRAFT;
  return JSON.stringify({ name, company, address, numbers, emails, kind, customer_id: customer?.id ?? null });
}

function usePaused(value: string): string {
  const [paused, setPaused] = useState(NO_DRAFT);
  useEffect(() => {
    const timer = setTimeout(() => setPaused(value), TYPING_PAUSE_MS);
    return () => clearTimeout(timer);
  }, [value]);
  return paused;
}

function similarQuery(draft: string) {
  return {
    queryKey: ["duplicates", "typed", draft],
    queryFn: () => bodyOf(api.POST("/api/duplicates/similar", { body: JSON.parse(draft) })),
    enabled: draft !== NO_DRAFT,
    retry: false,
  } as const;
}
