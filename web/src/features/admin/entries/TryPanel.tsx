import { useMutation, useQuery } from "@tanstack/react-query";
import { Button, Form, Input, Select, Switch } from "antd";
import { useTranslation } from "react-i18next";
import { useTimeZone } from "@/api/session";
import { instantOf } from "@/lib/days";
import { localName } from "@/lib/names";
import { ErrorNotice } from "@/ui/ErrorNotice";
import { Card } from "@/ui/Page";
import { allNumbers } from "../model/queries";
import { customerClassesQuery } from "../routing/resources";
import { type EntryTryout, tryEntryRules } from "./api";
import styles from "./Entries.module.css";

interface Asked {
  number: string;
  customer_class_id?: number;
  is_vip: boolean;
  at?: string;
}

/** Says who comes to which flow, and by which rule, without a call. */
export function TryPanel() {
  const { t, i18n } = useTranslation("entries");
  const numbers = useQuery(allNumbers).data ?? [];
  const classes = useQuery(customerClassesQuery).data?.items ?? [];
  const zone = useTimeZone();
  const asking = useMutation({
    mutationFn: ({ at, customer_class_id, ...asked }: Asked) =>
      tryEntryRules({
        ...asked,
        customer_class_id: customer_class_id ?? null,
        at: at ? instantOf(at, zone) : null,
      }),
  });
  return (
    <Card>
      <h2 className={styles.heading}>{t("try.title")}</h2>
      <Form<Asked>
        layout="inline"
        className={styles.form}
        initialValues={{ is_vip: false }}
        onFinish={(asked) => asking.mutate(asked)}
      >
        <Form.Item
          name="number"
          label={t("try.number")}
          rules={[{ required: true, message: t("form.required") }]}
        >
          <Select
            style={{ width: 200 }}
            options={numbers.map(({ number }) => ({ value: number, label: number }))}
          />
        </Form.Item>
        <Form.Item name="customer_class_id" label={t("try.class")}>
          <Select
            allowClear
            style={{ width: 160 }}
            placeholder={t("try.unknown")}
            options={classes.map((one) => ({ value: one.id, label: localName(one, i18n.language) }))}
          />
        </Form.Item>
        <Form.Item name="at" label={t("try.at")} tooltip={t("try.clock", { zone })}>
          <Input type="datetime-local" />
        </Form.Item>
        <Form.Item name="is_vip" label="VIP" valuePropName="checked">
          <Switch />
        </Form.Item>
        <Button htmlType="submit" loading={asking.isPending}>
          {t("try.ask")}
        </Button>
      </Form>
      {asking.error && <ErrorNotice error={asking.error} />}
      <div aria-live="polite">{asking.data && <Answer found={asking.data} />}</div>
    </Card>
  );
}

function Answer({ found }: { found: EntryTryout }) {
  const { t } = useTranslation("entries");
  const shares = found.tried.filter(({ outcome }) => outcome === "shares");
  const rest = t(found.rule_id === null ? "try.own" : "try.rule", {
    rule: found.rule_name,
    flow: found.flow_name,
  });
  return (
    <>
      <p className={styles.answer}>
        {shares.map((one) =>
          t("try.share", { share: one.share_pct, rule: one.rule_name, flow: one.flow_name }),
        )}
        {shares.length > 0 ? t("try.others", { rest }) : rest}
      </p>
      <ol className={styles.tried}>
        {found.tried.map((one) => (
          <li key={one.rule_id}>
            {one.rule_name}: {t(`outcome.${one.outcome}`)}
          </li>
        ))}
      </ol>
    </>
  );
}
