import { useMutation, useQueryClient } from "@tanstack/react-query";
import { App, DatePicker, Form, Modal, Select } from "antd";
import type { Dayjs } from "dayjs";
import { useTranslation } from "react-i18next";
import { localName } from "@/lib/names";
import { useLive } from "@/live/store";
import { ErrorNotice } from "@/ui/ErrorNotice";
import { TextInput } from "@/ui/TextInput";
import { requestCallback } from "../model/queries";

interface Values {
  queue: number;
  number: string;
  window?: [Dayjs, Dayjs] | null;
  agent?: number;
}

/** Has a customer called back: as soon as it is its turn, or within a window of time. */
export function BookDialog({ onClose }: { onClose: () => void }) {
  const { t, i18n } = useTranslation("callbacks");
  const { message } = App.useApp();
  const client = useQueryClient();
  const [form] = Form.useForm<Values>();
  const queues = useLive((state) => state.queues);
  const agents = useLive((state) => state.colleagues);
  const booking = useMutation({
    mutationFn: ({ queue, number, window, agent }: Values) =>
      requestCallback({
        queue,
        number,
        agent: agent ?? null,
        due_at: window?.[0].toISOString() ?? null,
        until: window?.[1].toISOString() ?? null,
      }),
    onSuccess: async () => {
      message.success(t("book.done"));
      onClose();
      await client.invalidateQueries({ queryKey: ["callbacks"] });
    },
  });
  return (
    <Modal
      open
      title={t("book.title")}
      okText={t("book.ok")}
      cancelText={t("keep")}
      confirmLoading={booking.isPending}
      onOk={() => form.submit()}
      onCancel={onClose}
    >
      <Form<Values> form={form} layout="vertical" onFinish={(values) => booking.mutate(values)}>
        <Form.Item
          name="number"
          label={t("book.number")}
          rules={[{ required: true, message: t("book.needed") }]}
        >
          <TextInput maxLength={40} autoFocus />
        </Form.Item>
        <Form.Item
          name="queue"
          label={t("column.queue")}
          rules={[{ required: true, message: t("book.needed") }]}
        >
          <Select
            options={queues.map((queue) => ({ value: queue.id, label: localName(queue, i18n.language) }))}
            showSearch={{ optionFilterProp: "label" }}
          />
        </Form.Item>
        <Form.Item name="window" label={t("book.window")} extra={t("book.windowHint")}>
          <DatePicker.RangePicker showTime={{ format: "HH:mm", minuteStep: 5 }} format="YYYY-MM-DD HH:mm" />
        </Form.Item>
        <Form.Item name="agent" label={t("reassign.agent")} extra={t("reassign.agentHint")}>
          <Select
            allowClear
            options={agents.map(({ id, name }) => ({ value: id, label: name }))}
            showSearch={{ optionFilterProp: "label" }}
          />
        </Form.Item>
      </Form>
      {booking.isError && <ErrorNotice error={booking.error} />}
    </Modal>
  );
}
