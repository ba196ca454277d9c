import { useQuery } from "@tanstack/react-query";
import { Skeleton } from "antd";
import { useTranslation } from "react-i18next";
import type { Schema } from "@/api/client";
import { ErrorNotice } from "../ErrorNotice";
import { formQuery } from "./query";
import { RecordFacts } from "./RecordFacts";

type Customer = Schema<"CustomerOut">;

/** What is known of a customer as the layout of its kind places it; name, level, numbers and tags stand in the head. */
export function CustomerFacts({ customer }: { customer: Customer }) {
  const { t } = useTranslation("api");
  const { data, error, refetch } = useQuery(formQuery("customer", customer.kind));
  if (error) return <ErrorNotice error={error} onRetry={() => void refetch()} />;
  if (!data) return <Skeleton active title={false} />;
  const { birthday } = customer;
  return (
    <RecordFacts
      form={data}
      stored={{ ...customer, owner_id: customer.owner?.id ?? null }}
      builtIn={{
        company: customer.company,
        gender: customer.gender === "unknown" ? "" : t(`gender.${customer.gender}`),
        emails: customer.emails.join("\n"),
        addresses: customer.addresses.map(addressText).join("\n"),
        birthday: birthday ? [birthday.year, birthday.month, birthday.day].filter(Boolean).join("-") : "",
        anniversary_on: customer.anniversary_on,
        type: customer.type,
        monthly_value: customer.monthly_value,
        service: customer.service,
        credit_rating: customer.credit_rating,
        credit_limit: customer.credit_limit,
        arrears: customer.arrears,
        hobbies: customer.hobbies,
        owner_id: customer.owner?.name,
        note: customer.note,
      }}
    />
  );
}

function addressText({ province, city, district, line, postcode }: Customer["addresses"][number]): string {
  const place = [province, city === province ? "" : city, district, line].join("");
  return [place, postcode].filter(Boolean).join(" ");
}
