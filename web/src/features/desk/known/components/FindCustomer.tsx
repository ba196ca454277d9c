import { useQuery } from "@tanstack/react-query";
import { Button } from "antd";
import { useDeferredValue, useId, useState } from "react";
import { useTranslation } from "react-i18next";
import { api, bodyOf } from "@/api/client";
import { formatNumber } from "@/lib/numbers";
import { TextInput } from "@/ui/TextInput";
import styles from "./Known.module.css";

const LEAST_SEARCH = 2;
const SHOWN = 6;

interface Props {
  isBusy: boolean;
  onChoose: (customer: number) => void;
}

/** A known customer who calls from another number: found by name, pinyin initials or a number, and chosen. */
export function FindCustomer({ isBusy, onChoose }: Props) {
  const { t } = useTranslation("known");
  const id = useId();
  const [text, setText] = useState("");
  const search = useDeferredValue(text.trim());
  const found = useQuery({
    queryKey: ["customers", "find", search],
    queryFn: () => bodyOf(api.GET("/api/customers", { params: { query: { search, page_size: SHOWN } } })),
    enabled: search.length >= LEAST_SEARCH,
    placeholderData: (before) => before,
  }).data;
  const items = search.length >= LEAST_SEARCH ? (found?.items ?? []) : [];
  return (
    <search className={styles.find}>
      <label htmlFor={id} className={styles.label}>
        {t("find.label")}
      </label>
      <TextInput
        id={id}
        value={text}
        placeholder={t("find.placeholder")}
        onChange={(event) => setText(event.target.value)}
      />
      <output>
        {found && search.length >= LEAST_SEARCH && items.length === 0 && (
          <span className={styles.minor}>{t("find.none", { text: search })}</span>
        )}
      </output>
      <ul>
        {items.map((customer) => (
          <li key={customer.id} className={styles.hit}>
            <span>
              <strong>{customer.name}</strong>{" "}
              <span className={styles.minor}>
                {[customer.company, formatNumber(customer.numbers[0]?.masked ?? "")]
                  .filter(Boolean)
                  .join(" · ")}
              </span>
            </span>
            <Button
              size="small"
              disabled={isBusy}
              aria-label={t("isThisOne", { name: customer.name })}
              onClick={() => onChoose(customer.id)}
            >
              {t("isThis")}
            </Button>
          </li>
        ))}
      </ul>
    </search>
  );
}
