import { useQuery } from "@tanstack/react-query";
import { Form, Input, Modal, Select } from "antd";
import { useTranslation } from "react-i18next";
import { api, bodyOf } from "@/api/client";
import { useLive } from "@/live/store";
import { lists, tagsQuery } from "../model/attached";
import type { BulkAct, BulkKind } from "./BulkBar";

interface Values {
  add?: number[];
  take?: number[];
  owner_id?: number;
  list?: (typeof lists)[number];
  reason?: string;
}

interface Props {
  kind: BulkKind;
  count: number;
  onRun: (act: BulkAct) => void;
  onClose: () => void;
}

function toAct(kind: BulkKind, { add = [], take = [], owner_id, list, reason }: Values): BulkAct {
  if (kind === "tag")
    return (customers) => bodyOf(api.POST("/api/customers/tags", { body: { customers, add, take } }));
  if (kind === "assign")
    return (customers) =>
      bodyOf(api.POST("/api/customers/pool/assign", { body: { customers, owner_id: owner_id ?? 0 } }));
  return (customers) =>
    bodyOf(
      api.POST("/api/customers/lists", { body: { customers, list: list ?? "vip", reason: reason ?? "" } }),
    );
}

/** Asks what shall be done to all the chosen customers: which tags, which colleague, which list and why. */
export function BulkForm({ kind, count, onRun, onClose }: Props) {
  const { t } = useTranslation("customers");
  const [form] = Form.useForm<Values>();
  const tags = (useQuery({ ...tagsQuery, enabled: kind === "tag" }).data?.items ?? []).map(
    ({ id, name }) => ({
      value: id,
      label: name,
    }),
  );
  const colleagues = useLive((state) => state.colleagues).map(({ id, name }) => ({ value: id, label: name }));
  const required = { required: true, message: t("bulk.missing") };
  return (
    <Modal
      open
      title={t(`bulk.form.${kind}`, { count })}
      onCancel={onClose}
      onOk={() => form.submit()}
      okText={t("bulk.run")}
      cancelText={t("bulk.cancel")}
    >
      <Form<Values> form={form} layout="vertical" onFinish={(values) => onRun(toAct(kind, values))}>
        {kind === "tag" && (
          <>
            <Form.Item name="add" label={t("bulk.add")}>
              <Select mode="multiple" options={tags} showSearch={{ optionFilterProp: "label" }} />
            </Form.Item>
            <Form.Item name="take" label={t("bulk.take")}>
              <Select mode="multiple" options={tags} showSearch={{ optionFilterProp: "label" }} />
            </Form.Item>
          </>
        )}
        {kind === "assign" && (
          <Form.Item name="owner_id" label={t("field.owner")} rules={[required]}>
            <Select options={colleagues} showSearch={{ optionFilterProp: "label" }} />
          </Form.Item>
        )}
        {kind === "list" && (
          <>
            <Form.Item name="list" label={t("field.lists")} rules={[required]}>
              <Select options={lists.map((value) => ({ value, label: t(`lists.${value}`) }))} />
            </Form.Item>
            <Form.Item name="reason" label={t("field.reason")} rules={[{ ...required, whitespace: true }]}>
              <Input maxLength={300} />
            </Form.Item>
          </>
        )}
      </Form>
    </Modal>
  );
}
