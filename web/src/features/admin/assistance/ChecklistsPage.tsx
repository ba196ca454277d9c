import { useQuery } from "@tanstack/react-query";
import { Form, Input, Select, Switch, type TableProps } from "antd";
import { ListChecks } from "lucide-react";
import { useTranslation } from "react-i18next";
import { localName } from "@/lib/names";
import { StatusTag } from "@/ui/StatusTag";
import { CountField } from "../components/CountField";
import { RecordDrawer } from "../components/RecordDrawer";
import { RecordLink } from "../components/RecordLink";
import { RecordsPage } from "../components/RecordsPage";
import { allQueues } from "../model/queries";
import { type Checklist, checklists } from "./resources";
import { newKey, StepsField } from "./StepsField";

/** Checklists of conversations: what agents say and ask, queue by queue. */
export function ChecklistsPage() {
  const { t } = useTranslation(["assistance", "admin"]);
  const columns: NonNullable<TableProps<Checklist>["columns"]> = [
    {
      key: "name",
      title: t("checklists.name"),
      sorter: true,
      render: (_, row) => <RecordLink id={row.id}>{row.name}</RecordLink>,
    },
    {
      key: "queue",
      title: t("checklists.queue"),
      render: (_, row) => row.queue_name || t("checklists.everyQueue"),
    },
    { key: "step_count", title: t("checklists.stepCount"), dataIndex: "step_count", className: "numbers" },
    {
      key: "is_active",
      title: t("state"),
      sorter: true,
      render: (_, row) => (
        <StatusTag tone={row.is_active ? "ready" : "off"}>{t(row.is_active ? "on" : "off")}</StatusTag>
      ),
    },
  ];
  return (
    <RecordsPage<Checklist>
      noun="checklists"
      icon={ListChecks}
      resource={checklists}
      columns={columns}
      nameOf={(row) => row.name}
      drawer={(row, close) => <ChecklistDrawer row={row} onClose={close} />}
    />
  );
}

type Values = Omit<Checklist, "id" | "queue_name" | "step_count">;

function ChecklistDrawer({ row, onClose }: { row: Checklist | null; onClose: () => void }) {
  const { t, i18n } = useTranslation(["assistance", "admin"]);
  const queues = useQuery(allQueues).data ?? [];
  const fresh: Partial<Values> = {
    queue_id: null,
    is_active: true,
    position: 0,
    steps: [{ key: newKey(), title: "", words: "", is_required: true }],
  };
  return (
    <RecordDrawer<Values>
      key={row?.id ?? "new"}
      title={row?.name ?? t("admin:checklists.add")}
      width={620}
      initial={row ?? fresh}
      save={(values) => {
        const body = { ...values, queue_id: values.queue_id ?? null };
        return row ? checklists.change(row.id, body) : checklists.create(body);
      }}
      onClose={onClose}
    >
      <Form.Item
        name="name"
        label={t("checklists.name")}
        rules={[{ required: true, whitespace: true, message: t("admin:form.required") }]}
      >
        <Input maxLength={60} autoFocus={!row} placeholder={t("checklists.nameExample")} />
      </Form.Item>
      <Form.Item name="queue_id" label={t("checklists.queue")} extra={t("checklists.queueHint")}>
        <Select
          allowClear
          placeholder={t("checklists.everyQueue")}
          options={queues.map((queue) => ({ value: queue.id, label: localName(queue, i18n.language) }))}
        />
      </Form.Item>
      <StepsField />
      <CountField name="position" label={t("position")} hint={t("positionHint")} unit="" max={1000} />
      <Form.Item name="is_active" label={t("active")} valuePropName="checked">
        <Switch />
      </Form.Item>
    </RecordDrawer>
  );
}
