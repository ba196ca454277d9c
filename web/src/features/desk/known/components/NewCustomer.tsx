import { Button } from "antd";
import { type SubmitEvent, useId, useState } from "react";
import { useTranslation } from "react-i18next";
import type { Pop } from "@/api/interactions";
import { formatNumber } from "@/lib/numbers";
import { GrowingTextArea } from "@/ui/GrowingTextArea";
import { TextInput } from "@/ui/TextInput";
import styles from "../../components/CustomerPane.module.css";
import { dropDraft, keepDraft, readDraft } from "../../model/form-draft";
import { useLinkCustomer } from "../../model/useLinkCustomer";
import { CallerTold } from "./CallerTold";
import { FindCustomer } from "./FindCustomer";

interface Fields {
  name: string;
  company: string;
  address: string;
  note: string;
}

interface Props {
  interaction: string;
  pop: Pop;
  onBack?: () => void;
}

/**
 * Nobody is known by this number: a form filled with what came along. What is typed survives a reload. Plain fields:
 * Ant Design's form would be a tenth of what the desk may weigh.
 */
export function NewCustomer({ interaction, pop, onBack }: Props) {
  const { t } = useTranslation(["known", "desk"]);
  const { link, isLinking } = useLinkCustomer(interaction);
  const key = `zhiyin.new-customer.${interaction}`;
  const [fields, setFields] = useState<Fields>(() => ({
    note: "",
    ...pop.details,
    ...readDraft<Fields>(key),
  }));
  const [hasTried, setTried] = useState(false);
  const ids = { name: useId(), company: useId(), address: useId(), note: useId(), problem: useId() };
  const number = formatNumber(pop.masked);
  const name = fields.name.trim();
  const isMissing = hasTried && name === "";

  const change = (changed: Partial<Fields>) => {
    const next = { ...fields, ...changed };
    setFields(next);
    keepDraft(key, next);
  };
  const save = async (event: SubmitEvent<HTMLFormElement>) => {
    event.preventDefault();
    setTried(true);
    if (name !== "" && (await link({ ...fields, name }))) dropDraft(key);
  };
  return (
    <section>
      <h2 className={styles.name}>{t("newTitle")}</h2>
      <p className={styles.minor}>
        {number ? [number, pop.place].filter(Boolean).join(" · ") : t("withheld")}
      </p>
      <CallerTold pop={pop} />
      <form className={styles.form} onSubmit={(event) => void save(event)} noValidate>
        <label htmlFor={ids.name} className={styles.label} data-required>
          {t("desk:customer.name")}
        </label>
        <TextInput
          id={ids.name}
          value={fields.name}
          maxLength={100}
          status={isMissing ? "error" : ""}
          aria-invalid={isMissing}
          aria-describedby={ids.problem}
          onChange={(event) => change({ name: event.target.value })}
        />
        {isMissing && (
          <span id={ids.problem} role="alert" className={styles.problem}>
            {t("desk:customer.nameMissing")}
          </span>
        )}
        <label htmlFor={ids.company} className={styles.label}>
          {t("desk:customer.company")}
        </label>
        <TextInput
          id={ids.company}
          value={fields.company}
          maxLength={200}
          onChange={(event) => change({ company: event.target.value })}
        />
        <label htmlFor={ids.address} className={styles.label}>
          {t("desk:customer.address")}
        </label>
        <TextInput
          id={ids.address}
          value={fields.address}
          maxLength={300}
          onChange={(event) => change({ address: event.target.value })}
        />
        <label htmlFor={ids.note} className={styles.label}>
          {t("desk:customer.note")}
        </label>
        <GrowingTextArea
          id={ids.note}
          value={fields.note}
          maxLength={10_000}
          onChange={(event) => change({ note: event.target.value })}
        />
        <div className={styles.buttons}>
          <Button type="primary" htmlType="submit" loading={isLinking}>
            {t("save")}
          </Button>
          {onBack && <Button onClick={onBack}>{t("back")}</Button>}
        </div>
      </form>
      <FindCustomer
        isBusy={isLinking}
        onChoose={(customer) =>
          void link({ customer_id: customer }).then((isDone) => isDone && dropDraft(key))
        }
      />
    </section>
  );
}
