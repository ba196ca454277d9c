import { Tag } from "antd";
import { useTranslation } from "react-i18next";
import { StatusTag } from "@/ui/StatusTag";
import { listTone } from "../model/attached";
import type { Customer } from "../model/queries";

type Marked = Pick<Customer, "lists" | "tags" | "customer_class" | "is_key_account">;

/** What stands out of a customer: lists, class, key account, tags. */
export function CustomerMarks({ customer }: { customer: Marked }) {
  const { t } = useTranslation("customers");
  return (
    <>
      {customer.lists.map((list) => (
        <StatusTag key={list} tone={listTone[list]}>
          {t(`lists.${list}`)}
        </StatusTag>
      ))}
      {customer.customer_class && <StatusTag tone="talk">{customer.customer_class.name}</StatusTag>}
      {customer.is_key_account && <StatusTag tone="acw">{t("keyAccount")}</StatusTag>}
      {customer.tags.map((tag) => (
        <Tag key={tag.id} variant="outlined">
          {tag.name}
        </Tag>
      ))}
    </>
  );
}
