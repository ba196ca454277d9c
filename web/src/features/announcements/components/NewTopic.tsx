import { Form, Input, Select } from "antd";
import { useTranslation } from "react-i18next";
import { useLive } from "@/live/store";
import { FormDrawer } from "@/ui/FormDrawer";
import { beginTopic } from "../model/queries";
import { useDoing } from "../model/useDoing";

interface Values {
  title: string;
  text: string;
  mentions?: number[];
}

/** Begin a topic with its first post. */
export function NewTopic({ onClose, onMade }: { onClose: () => void; onMade: (id: number) => void }) {
  const { t } = useTranslation("announcements");
  const doing = useDoing("forum");
  const colleagues = useLive((state) => state.colleagues);
  const required = [{ required: true, whitespace: true, message: t("required") }];
  return (
    <FormDrawer<Values>
      isOpen
      width={600}
      title={t("forum.add")}
      initial={{}}
      submitLabel={t("forum.begin")}
      onSubmit={async (values) => {
        const { id } = await beginTopic({ ...values, mentions: values.mentions ?? [] });
        await doing(async () => undefined);
        onMade(id);
      }}
      onClose={onClose}
    >
      <Form.Item name="title" label={t("forum.topic")} rules={required}>
        <Input maxLength={120} autoFocus />
      </Form.Item>
      <Form.Item name="text" label={t("text")} extra={t("textHint")} rules={required}>
        <Input.TextArea rows={8} maxLength={20000} />
      </Form.Item>
      <Form.Item name="mentions" label={t("forum.mention")} extra={t("forum.mentionHint")}>
        <Select
          mode="multiple"
          optionFilterProp="label"
          options={colleagues.map(({ id, name }) => ({ value: id, label: name }))}
        />
      </Form.Item>
    </FormDrawer>
  );
}
