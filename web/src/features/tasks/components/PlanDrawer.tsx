import { App, Form, Input, Select } from "antd";
import { useTranslation } from "react-i18next";
import { api, bodyOf } from "@/api/client";
import { useTimeZone } from "@/api/session";
import { PersonSelect } from "@/features/timeline";
import { instantOf, wallOf } from "@/lib/days";
import { useServerNow } from "@/live/useServerNow";
import { FormDrawer } from "@/ui/FormDrawer";
import { HOWS, type How } from "../model/queries";
import { useTaskChanges } from "../model/useTaskChanges";

const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;
const REMINDERS_MIN = [0, 10, 60, 1440] as const;

interface Values {
  subject: string;
  how: How;
  due_at: string;
  remind_min: number;
  owner_id?: number;
}

/** Plan something to do for a customer. */
export function PlanDrawer({ customer, onClose }: { customer: number; onClose: () => void }) {
  const { t } = useTranslation("tasks");
  const { message } = App.useApp();
  const zone = useTimeZone();
  const now_ms = useServerNow();
  const { refresh } = useTaskChanges();
  const submit = async ({ subject, how, due_at, remind_min, owner_id }: Values) => {
    const due = instantOf(due_at, zone);
    await bodyOf(
      api.POST("/api/follow-ups", {
        body: {
          customer_id: customer,
          subject,
          how,
          due_at: due,
          remind_at: remind_min < 0 ? null : new Date(Date.parse(due) - remind_min * MINUTE_MS).toISOString(),
          owner_id: owner_id ?? null,
        },
      }),
    );
    await refresh();
    message.success(t("form.planned"));
    onClose();
  };
  return (
    <FormDrawer<Values>
      isOpen
      title={t("form.title")}
      initial={{ how: "call", due_at: wallOf(now_ms + DAY_MS, zone), remind_min: 0 }}
      onSubmit={submit}
      onClose={onClose}
    >
      <Form.Item
        name="subject"
        label={t("form.subject")}
        rules={[{ required: true, whitespace: true, message: t("form.subjectMissing") }]}
      >
        <Input maxLength={200} autoFocus />
      </Form.Item>
      <Form.Item name="how" label={t("form.how")}>
        <Select options={HOWS.map((value) => ({ value, label: t(`how.${value}`) }))} />
      </Form.Item>
      <Form.Item
        name="due_at"
        label={t("form.due")}
        rules={[{ required: true, message: t("form.dueMissing") }]}
      >
        <Input type="datetime-local" />
      </Form.Item>
      <Form.Item name="remind_min" label={t("form.remind")}>
        <Select
          options={[
            { value: -1, label: t("form.remindNone") },
            ...REMINDERS_MIN.map((value) => ({ value, label: t(`form.remind${value}`) })),
          ]}
        />
      </Form.Item>
      <Form.Item<Values> name="owner_id" label={t("form.owner")} extra={t("form.ownerHint")}>
        <OwnerField label={t("form.owner")} />
      </Form.Item>
    </FormDrawer>
  );
}

/** `PersonSelect` as antd's form gives a field its value. */
function OwnerField({
  label,
  value,
  onChange,
}: {
  label: string;
  value?: number;
  onChange?: (owner: number | undefined) => void;
}) {
  return <PersonSelect label={label} value={value} onChange={(owner) => onChange?.(owner)} />;
}
