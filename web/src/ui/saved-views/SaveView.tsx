import { Form, Input, Modal } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { ErrorNotice } from "../ErrorNotice";
import type { SavedView, Sharing } from "./model";
import { useViewActions } from "./queries";
import { SharingSelect } from "./SharingSelect";

interface Props {
  list: string;
  query: string;
  onClose: () => void;
  onSaved: (view: SavedView) => void;
}

/** Asks under which name the list is kept as it stands, and for whom. */
export function SaveView({ list, query, onClose, onSaved }: Props) {
  const { t } = useTranslation(["saved-views", "ui"]);
  const { create } = useViewActions(list);
  const [form] = Form.useForm<{ name: string; sharing: Sharing }>();
  const [problem, setProblem] = useState<unknown>(null);
  const save = async (values: { name: string; sharing: Sharing }) => {
    setProblem(null);
    try {
      onSaved(await create.mutateAsync({ ...values, query }));
      onClose();
    } catch (error) {
      setProblem(error);
    }
  };
  return (
    <Modal
      open
      title={t("save")}
      okText={t("ui:save")}
      cancelText={t("ui:cancel")}
      onCancel={onClose}
      onOk={() => form.submit()}
      confirmLoading={create.isPending}
    >
      <p>{t("saveHint")}</p>
      {problem !== null && <ErrorNotice error={problem} />}
      <Form
        form={form}
        layout="vertical"
        initialValues={{ sharing: "me" }}
        onFinish={(values) => void save(values)}
      >
        <Form.Item
          name="name"
          label={t("name")}
          rules={[{ required: true, whitespace: true, message: t("nameMissing") }]}
        >
          <Input maxLength={60} autoFocus />
        </Form.Item>
        <Form.Item name="sharing" label={t("sharing")}>
          <SharingSelect />
        </Form.Item>
      </Form>
    </Modal>
  );
}
