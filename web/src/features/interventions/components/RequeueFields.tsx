import { Form, Radio, Select } from "antd";
import { useTranslation } from "react-i18next";
import { localName } from "@/lib/names";
import type { InteractionRow } from "@/live/messages";
import { useLive } from "@/live/store";

/** In which queue it waits instead, and from when its wait counts there. */
export function RequeueFields({ row }: { row: InteractionRow }) {
  const { t, i18n } = useTranslation("interventions");
  const queues = useLive((state) => state.queues);
  return (
    <>
      <Form.Item name="queue" label={t("queue")} rules={[{ required: true, message: t("chooseQueue") }]}>
        <Select
          autoFocus
          showSearch={{ optionFilterProp: "label" }}
          options={queues
            .filter(({ id }) => id !== row.queue)
            .map((queue) => ({ value: queue.id, label: localName(queue, i18n.language) }))}
        />
      </Form.Item>
      <Form.Item name="keeps_wait" label={t("wait")}>
        <Radio.Group
          options={[
            { value: true, label: t("keepsWait") },
            { value: false, label: t("losesWait") },
          ]}
        />
      </Form.Item>
    </>
  );
}
