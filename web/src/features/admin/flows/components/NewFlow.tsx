import { useQuery } from "@tanstack/react-query";
import { Form, Input, Select } from "antd";
import { useTranslation } from "react-i18next";
import { localName } from "@/lib/names";
import { FormDrawer } from "@/ui/FormDrawer";
import { allHours, allQueues, useSettingsChanged } from "../../model/queries";
import { createFlow, type FlowDetail } from "../model/queries";

interface Values {
  name: string;
  queue_id?: number | null;
  hours_id?: number | null;
}

/** A new flow begins with something that works: greeting, then a queue; and the closed message outside the hours. */
export function NewFlow({ onClose, onMade }: { onClose: () => void; onMade: (flow: FlowDetail) => void }) {
  const { t, i18n } = useTranslation("flows");
  const queues = useQuery(allQueues);
  const hours = useQuery(allHours);
  const changed = useSettingsChanged();
  return (
    <FormDrawer<Values>
      title={t("add")}
      isOpen
      initial={{}}
      submitLabel={t("create")}
      onClose={onClose}
      onSubmit={async ({ name, queue_id = null, hours_id = null }) => {
        const flow = await createFlow({ name, queue_id, hours_id });
        await changed();
        onMade(flow);
      }}
    >
      <Form.Item name="name" label={t("name")} rules={[{ required: true, message: t("nameMissing") }]}>
        <Input maxLength={60} autoFocus placeholder={t("nameExample")} />
      </Form.Item>
      <Form.Item name="queue_id" label={t("new.queue")} extra={t("new.queueHint")}>
        <Select
          allowClear
          loading={queues.isPending}
          options={(queues.data ?? []).map((queue) => ({
            value: queue.id,
            label: localName(queue, i18n.language),
          }))}
        />
      </Form.Item>
      <Form.Item name="hours_id" label={t("new.hours")} extra={t("new.hoursHint")}>
        <Select
          allowClear
          loading={hours.isPending}
          options={(hours.data ?? []).map(({ id, name }) => ({ value: id, label: name }))}
        />
      </Form.Item>
    </FormDrawer>
  );
}
