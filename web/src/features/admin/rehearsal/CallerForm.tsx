import { useQuery } from "@tanstack/react-query";
import { Button, DatePicker, Form, Input, InputNumber, Select, Switch } from "antd";
import type { Dayjs } from "dayjs";
import { FlaskConical } from "lucide-react";
import { useTranslation } from "react-i18next";
import { localName } from "@/lib/names";
import { SkillsField } from "../components/SkillsField";
import type { Queue } from "../model/api";
import { CHANNELS, type Channel } from "../routing/channels";
import { contactClassesQuery, customerClassesQuery } from "../routing/resources";
import styles from "./Rehearsal.module.css";
import type { MadeUpCaller } from "./resources";

export interface CallerValues {
  queue: number;
  number?: string;
  entry?: string;
  customer_class?: number;
  class_code?: string;
  priority?: number | null;
  channel?: Channel;
  at?: Dayjs | null;
  has_skills?: boolean;
  skills?: Record<string, number>;
}

interface Props {
  queues: readonly Queue[];
  isBusy: boolean;
  onTry: (values: CallerValues) => void;
}

/** Who calls, made up: everything but the queue may be left open. */
export function CallerForm({ queues, isBusy, onTry }: Props) {
  const { t, i18n } = useTranslation(["rehearsal", "admin", "routing"]);
  const [form] = Form.useForm<CallerValues>();
  const classes = useQuery(contactClassesQuery).data?.classes ?? [];
  const customerClasses = useQuery(customerClassesQuery).data?.items ?? [];
  const hasSkills = Form.useWatch("has_skills", form);
  return (
    <Form<CallerValues>
      form={form}
      layout="vertical"
      aria-label={t("caller.title")}
      initialValues={{ queue: queues[0]?.id, priority: 0, channel: "voice", skills: {} }}
      onFinish={onTry}
    >
      <div className={styles.form}>
        {queues.length > 1 && (
          <Form.Item name="queue" label={t("caller.queue")} rules={[{ required: true }]}>
            <Select
              showSearch={{ optionFilterProp: "label" }}
              options={queues.map((one) => ({ value: one.id, label: localName(one, i18n.language) }))}
            />
          </Form.Item>
        )}
        {queues.length === 1 && (
          <Form.Item name="queue" hidden>
            <InputNumber />
          </Form.Item>
        )}
        <Form.Item name="number" label={t("caller.number")} extra={t("caller.numberHint")}>
          <Input maxLength={32} inputMode="tel" allowClear />
        </Form.Item>
        <Form.Item name="customer_class" label={t("caller.customerClass")}>
          <Select
            allowClear
            placeholder={t("caller.asKnown")}
            options={customerClasses.map((one) => ({ value: one.id, label: localName(one, i18n.language) }))}
          />
        </Form.Item>
        <Form.Item name="class_code" label={t("caller.class")}>
          <Select
            allowClear
            placeholder={t("caller.byRules")}
            options={classes.map((one) => ({
              value: one.code,
              label: localName({ name: one.name, name_en: one.name_en ?? "" }, i18n.language),
            }))}
          />
        </Form.Item>
        <Form.Item name="entry" label={t("caller.entry")}>
          <Input maxLength={32} inputMode="tel" allowClear />
        </Form.Item>
        <Form.Item name="channel" label={t("caller.channel")}>
          <Select options={CHANNELS.map((value) => ({ value, label: t(`routing:channels.${value}`) }))} />
        </Form.Item>
        <Form.Item name="priority" label={t("caller.priority")}>
          <InputNumber min={-100} max={100} precision={0} style={{ width: "100%" }} />
        </Form.Item>
        <Form.Item name="at" label={t("caller.at")} extra={t("caller.atHint")}>
          <DatePicker showTime={{ format: "HH:mm" }} format="YYYY-MM-DD HH:mm" style={{ width: "100%" }} />
        </Form.Item>
        <Form.Item name="has_skills" label={t("caller.ownSkills")} valuePropName="checked">
          <Switch />
        </Form.Item>
        {hasSkills && (
          <Form.Item name="skills" label={t("caller.skills")} className={styles.wide ?? ""}>
            <SkillsField levelLabel={t("admin:skills.least")} />
          </Form.Item>
        )}
      </div>
      <Button type="primary" htmlType="submit" loading={isBusy} icon={<FlaskConical size={16} />}>
        {t("run")}
      </Button>
    </Form>
  );
}

/** From the form to what is asked; what was left open is the router's to find out. */
export function toCaller({ at, has_skills, ...values }: CallerValues): MadeUpCaller {
  return {
    number: values.number ?? "",
    entry: values.entry ?? "",
    customer_class: values.customer_class ?? null,
    class_code: values.class_code ?? null,
    priority: values.priority ?? 0,
    channel: values.channel ?? "voice",
    at: at ? at.toISOString() : null,
    skills: has_skills ? (values.skills ?? {}) : null,
  };
}
