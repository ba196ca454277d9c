import { useQuery } from "@tanstack/react-query";
import { Form, Input, InputNumber, Select } from "antd";
import { useTranslation } from "react-i18next";
import { RecordDrawer } from "../components/RecordDrawer";
import { allQueues } from "../model/queries";
import { type RuleTrial, saveTrial } from "./api";
import { ClassDrafts } from "./ClassDrafts";
import { NEW_TRIAL, toBody, toForm, type TrialForm as Values } from "./form";
import { QueueDrafts } from "./QueueDrafts";
import styles from "./RuleTrials.module.css";

const CONTACT_CHOICES = ["priority", "service_objective", "longest_waiting"] as const;

interface Props {
  /** null: a new one */
  trial: RuleTrial | null;
  onClose: () => void;
}

/** What is to be different, and when the draft is taken back by itself. */
export function TrialForm({ trial, onClose }: Props) {
  const { t } = useTranslation(["rule-trials", "routing", "admin"]);
  const queues = useQuery(allQueues).data;
  const initial = trial ? toForm(trial) : NEW_TRIAL;
  const required = { required: true, message: t("admin:form.required") };
  return (
    <RecordDrawer<Values>
      key={trial?.id ?? "new"}
      title={trial ? trial.name : t("add")}
      initial={initial}
      save={(values) => saveTrial(trial, toBody({ ...initial, ...values }))}
      onClose={onClose}
      width={680}
    >
      <Form.Item name="name" label={t("form.name")} rules={[{ ...required, whitespace: true }]}>
        <Input maxLength={60} autoFocus={!trial} autoComplete="off" placeholder={t("form.namePlaceholder")} />
      </Form.Item>
      <h2 className={styles.heading}>{t("form.queues")}</h2>
      <QueueDrafts queues={queues ?? []} />
      <h2 className={styles.heading}>{t("form.classes")}</h2>
      <ClassDrafts />
      <h2 className={styles.heading}>{t("form.company")}</h2>
      <Form.Item
        name="contact_choice"
        label={t("routing:rules.contactChoice")}
        extra={t("form.contactChoiceHint")}
      >
        <Select
          allowClear
          placeholder={t("form.stays")}
          options={CONTACT_CHOICES.map((value) => ({ value, label: t(`routing:rules.choices.${value}`) }))}
        />
      </Form.Item>
      <h2 className={styles.heading}>{t("form.bounds")}</h2>
      <p className={styles.hint}>{t("form.boundsHint")}</p>
      <Form.Item name="drop_pct" label={t("form.drop")} extra={t("form.emptyHint")}>
        <InputNumber min={1} max={100} precision={0} suffix={t("form.points")} style={{ width: 180 }} />
      </Form.Item>
      <Form.Item name="wait_p90_s" label={t("form.waitP90")} extra={t("form.emptyHint")}>
        <InputNumber
          min={1}
          max={86_400}
          precision={0}
          suffix={t("routing:seconds")}
          style={{ width: 180 }}
        />
      </Form.Item>
      <Form.Item name="score_drop_pct" label={t("form.scoreDrop")} extra={t("form.scoreDropHint")}>
        <InputNumber min={1} max={100} precision={0} suffix={t("form.points")} style={{ width: 180 }} />
      </Form.Item>
      <Form.Item name="least_contacts" label={t("form.least")} rules={[required]}>
        <InputNumber min={10} max={100_000} precision={0} style={{ width: 180 }} />
      </Form.Item>
    </RecordDrawer>
  );
}
