import { useQuery } from "@tanstack/react-query";
import { Button, Form, InputNumber, Select } from "antd";
import { useTranslation } from "react-i18next";
import { localName } from "@/lib/names";
import { FormDrawer } from "@/ui/FormDrawer";
import { allQueues } from "../../model/queries";
import { contactClassesQuery } from "../../routing/resources";
import { type FlowGraph, type FlowNode, withConfig } from "../model/graph";

interface Values {
  queue: number;
  class?: string;
  priority?: number | null;
}

interface Props {
  graph: FlowGraph;
  node: FlowNode;
  onSave: (graph: FlowGraph) => Promise<void>;
  onJson: () => void;
  onClose: () => void;
}

/** What a queue step does, without JSON: which queue, as what class of contact, and before whom. */
export function QueueStepDrawer({ graph, node, onSave, onJson, onClose }: Props) {
  const { t, i18n } = useTranslation("flows");
  const queues = useQuery(allQueues);
  const classes = useQuery(contactClassesQuery);
  const config = node.config as Partial<Values>;
  return (
    <FormDrawer<Values>
      title={t("queueStep.title", { id: node.id })}
      isOpen
      initial={{ ...config, priority: config.priority ?? 0 }}
      onClose={onClose}
      onSubmit={async (given) => {
        const changes = {
          queue: given.queue,
          class: given.class || undefined,
          priority: given.priority || undefined,
        };
        await onSave(withConfig(graph, node.id, changes));
        onClose();
      }}
    >
      <Form.Item
        name="queue"
        label={t("new.queue")}
        rules={[{ required: true, message: t("queueStep.queueMissing") }]}
      >
        <Select
          loading={queues.isPending}
          options={(queues.data ?? []).map((one) => ({
            value: one.id,
            label: localName(one, i18n.language),
          }))}
        />
      </Form.Item>
      <Form.Item name="class" label={t("queueStep.class")} extra={t("queueStep.classHint")}>
        <Select
          allowClear
          loading={classes.isPending}
          placeholder={t("queueStep.byRules")}
          notFoundContent={t("queueStep.noClasses")}
          options={(classes.data?.classes ?? []).map((one) => ({
            value: one.code,
            label: localName(one, i18n.language),
          }))}
        />
      </Form.Item>
      <Form.Item name="priority" label={t("queueStep.priority")} extra={t("queueStep.priorityHint")}>
        <InputNumber min={-100} max={100} precision={0} style={{ width: 160 }} />
      </Form.Item>
      <Button type="link" style={{ paddingInline: 0 }} onClick={onJson}>
        {t("queueStep.json")}
      </Button>
    </FormDrawer>
  );
}
