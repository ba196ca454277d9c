import { useQuery } from "@tanstack/react-query";
import { Button, Form, InputNumber, Select } from "antd";
import { Plus, Trash2 } from "lucide-react";
import { useTranslation } from "react-i18next";
import { localName } from "@/lib/names";
import { RingsField } from "../components/RingsField";
import type { Queue } from "../model/api";
import { allUsers } from "../model/queries";
import { MembershipsField } from "../routing/MembershipsField";
import { AGENT_CHOICES, PREFERENCES } from "../routing/QueueRoutingFields";
import { presentOf, QUEUE_FIELDS, type QueueField, type TrialForm } from "./form";
import styles from "./RuleTrials.module.css";

/** Of each queue what is to be different; a field begins with what holds now. */
export function QueueDrafts({ queues }: { queues: readonly Queue[] }) {
  const { t } = useTranslation("rule-trials");
  return (
    <Form.List name="queues">
      {(rows, { add, remove }) => (
        <div className={styles.drafts}>
          {rows.map(({ key, name }) => (
            <QueueRow key={key} place={name} queues={queues} onRemove={() => remove(name)} />
          ))}
          <Button type="dashed" icon={<Plus size={16} />} onClick={() => add({ fields: [] })}>
            {t("form.addQueue")}
          </Button>
        </div>
      )}
    </Form.List>
  );
}

interface RowProps {
  place: number;
  queues: readonly Queue[];
  onRemove: () => void;
}

function QueueRow({ place, queues, onRemove }: RowProps) {
  const { t, i18n } = useTranslation(["rule-trials", "admin"]);
  const form = Form.useFormInstance<TrialForm>();
  const id = Form.useWatch(["queues", place, "id"], form);
  const fields: QueueField[] = Form.useWatch(["queues", place, "fields"], form) ?? [];
  const taken = (Form.useWatch("queues", form) ?? []).map((row) => row?.id);
  const queue = queues.find((one) => one.id === id);
  const label = (one: Queue) => localName(one, i18n.language);
  const choose = (next: number) => {
    const found = queues.find((one) => one.id === next);
    if (found) form.setFieldValue(["queues", place], { id: next, fields, ...presentOf(found) });
  };
  /** A field that was not different before begins with what holds now. */
  const begin = (chosen: QueueField[]) => {
    if (!queue) return;
    const present = presentOf(queue);
    for (const field of chosen)
      if (form.getFieldValue(["queues", place, field]) == null)
        form.setFieldValue(["queues", place, field], present[field]);
  };
  return (
    <fieldset className={styles.draft} aria-label={queue ? label(queue) : t("form.queue")}>
      <div className={styles.head}>
        <Form.Item
          name={[place, "id"]}
          label={t("form.queue")}
          rules={[{ required: true, message: t("admin:form.required") }]}
        >
          <Select
            showSearch={{ optionFilterProp: "label" }}
            onChange={choose}
            options={queues.map((one) => ({
              value: one.id,
              label: label(one),
              disabled: one.id !== id && taken.includes(one.id),
            }))}
          />
        </Form.Item>
        <Form.Item name={[place, "fields"]} label={t("form.different")}>
          <Select
            mode="multiple"
            disabled={!queue}
            placeholder={t("form.differentPlaceholder")}
            onChange={begin}
            options={QUEUE_FIELDS.map((value) => ({ value, label: t(`field.${value}`) }))}
          />
        </Form.Item>
        <Button
          type="text"
          icon={<Trash2 size={16} />}
          aria-label={t("form.removeQueue", { name: queue ? label(queue) : place + 1 })}
          onClick={onRemove}
        />
      </div>
      {queue && <Fields place={place} fields={fields} queue={queue} queues={queues} />}
    </fieldset>
  );
}

interface FieldsProps {
  place: number;
  fields: readonly QueueField[];
  queue: Queue;
  queues: readonly Queue[];
}

/** The fields that are to be different; the others keep their place in the form, unseen. */
function Fields({ place, fields, queue, queues }: FieldsProps) {
  const { t, i18n } = useTranslation(["rule-trials", "routing"]);
  const users = useQuery(allUsers).data ?? [];
  const others = queues
    .filter((one) => one.id !== queue.id)
    .map((one) => ({ value: one.id, label: localName(one, i18n.language) }));
  return (
    <>
      {fields.includes("agent_choice") && (
        <Form.Item name={[place, "agent_choice"]} label={t("field.agent_choice")}>
          <Select
            options={AGENT_CHOICES.map((value) => ({ value, label: t(`routing:agentChoices.${value}`) }))}
          />
        </Form.Item>
      )}
      {fields.includes("rings") && (
        <Form.Item label={t("field.rings")}>
          <RingsField skills={Object.keys(queue.skills)} queues={others} within={["queues", place]} />
        </Form.Item>
      )}
      {fields.includes("weight") && (
        <Form.Item name={[place, "weight"]} label={t("field.weight")}>
          <InputNumber min={0} max={1000} precision={0} style={{ width: 160 }} />
        </Form.Item>
      )}
      {fields.includes("preference") && (
        <div className={styles.head}>
          <Form.Item name={[place, "preference", "who"]} label={t("field.preference")}>
            <Select
              options={PREFERENCES.map((value) => ({ value, label: t(`routing:preferences.${value}`) }))}
            />
          </Form.Item>
          <Form.Item name={[place, "preference", "wait_s"]} label={t("routing:queue.preferredWait")}>
            <InputNumber min={0} max={3600} precision={0} suffix={t("routing:seconds")} />
          </Form.Item>
          <Form.Item name={[place, "preference", "within_days"]} label={t("routing:queue.preferredDays")}>
            <InputNumber min={1} max={3650} precision={0} suffix={t("routing:days")} />
          </Form.Item>
        </div>
      )}
      {fields.includes("memberships") && (
        <Form.Item name={[place, "memberships"]} label={t("field.memberships")}>
          <MembershipsField members={users.filter((user) => queue.members.includes(user.id))} />
        </Form.Item>
      )}
    </>
  );
}
