import { Button, Form, Input } from "antd";
import { useTranslation } from "react-i18next";
import type { Pop } from "@/api/interactions";
import { formatNumber } from "@/lib/numbers";
import { dropDraft, keepDraft, readDraft } from "../model/form-draft";
import { useLinkCustomer } from "../model/useLinkCustomer";
import styles from "./CustomerPane.module.css";

interface Fields {
  name: string;
  company?: string;
}

interface Props {
  interaction: string;
  pop: Pop;
  onBack?: () => void;
}

/** Nobody is known by this number: a form with the number filled in. What is typed survives a reload. */
export function NewCustomer({ interaction, pop, onBack }: Props) {
  const { t } = useTranslation("desk");
  const { link, isLinking } = useLinkCustomer(interaction);
  const key = `zhiyin.new-customer.${interaction}`;
  const number = formatNumber(pop.masked ?? "");
  const save = async (fields: Fields) => {
    if (await link({ ...fields, name: fields.name.trim() })) dropDraft(key);
  };
  return (
    <section>
      <h2 className={styles.name}>{t("customer.newTitle")}</h2>
      <p className={styles.minor}>
        {number ? [number, pop.place].filter(Boolean).join(" · ") : t("customer.withheld")}
      </p>
      <Form<Fields>
        layout="vertical"
        style={{ marginTop: 16 }}
        initialValues={readDraft<Fields>(key)}
        onValuesChange={(_change, fields) => keepDraft(key, fields)}
        onFinish={(fields) => void save(fields)}
      >
        <Form.Item
          name="name"
          label={t("customer.name")}
          rules={[{ required: true, whitespace: true, message: t("customer.nameMissing") }]}
        >
          <Input maxLength={100} />
        </Form.Item>
        <Form.Item name="company" label={t("customer.company")}>
          <Input maxLength={200} />
        </Form.Item>
        <div style={{ display: "flex", gap: 8 }}>
          <Button type="primary" htmlType="submit" loading={isLinking}>
            {t("customer.save")}
          </Button>
          {onBack && <Button onClick={onBack}>{t("customer.back")}</Button>}
        </div>
      </Form>
    </section>
  );
}
