import { useQuery, useQueryClient } from "@tanstack/react-query";
import { App, Form, InputNumber } from "antd";
import { useTranslation } from "react-i18next";
import { api, bodyOf, type Schema } from "@/api/client";
import { FormDrawer } from "@/ui/FormDrawer";
import { policyQuery } from "../model/attached";

type Policy = Schema<"PolicyIn">;

const limits = [
  { name: "claims_per_day", min: 0, most: 1_000_000 },
  { name: "max_held", min: 0, most: 1_000_000 },
  { name: "return_after_days", min: 1, most: 3650 },
] as const;

/** The rules of the public pool: how many may be claimed and held, and when a customer returns. */
export function PolicyDrawer({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation("customers");
  const { message } = App.useApp();
  const client = useQueryClient();
  const { data } = useQuery(policyQuery);
  if (!data) return null;
  const save = async (values: Policy) => {
    const { claims_per_day = null, max_held = null, return_after_days = null } = values;
    const body = { ...data, ...values, claims_per_day, max_held, return_after_days };
    await bodyOf(api.PUT("/api/customers/policy", { body }));
    await client.invalidateQueries({ queryKey: ["customers"] });
    message.success(t("policy.saved"));
    onClose();
  };
  return (
    <FormDrawer<Policy> title={t("pool.settings")} isOpen initial={data} onSubmit={save} onClose={onClose}>
      {limits.map(({ name, min, most }) => (
        <Form.Item key={name} name={name} label={t(`policy.${name}`)} extra={t(`policy.${name}_hint`)}>
          <InputNumber min={min} max={most} precision={0} style={{ width: "100%" }} />
        </Form.Item>
      ))}
      <Form.Item
        name="announce_days"
        label={t("policy.announce_days")}
        extra={t("policy.announce_days_hint")}
        rules={[{ required: true, message: t("bulk.missing") }]}
      >
        <InputNumber min={0} max={365} precision={0} style={{ width: "100%" }} />
      </Form.Item>
      <Form.Item
        name="key_share_pct"
        label={t("policy.key_share_pct")}
        extra={t("policy.key_share_pct_hint")}
        rules={[{ required: true, message: t("bulk.missing") }]}
      >
        <InputNumber min={1} max={100} precision={0} suffix="%" style={{ width: "100%" }} />
      </Form.Item>
    </FormDrawer>
  );
}
