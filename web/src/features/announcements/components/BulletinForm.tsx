import { useQuery } from "@tanstack/react-query";
import { AutoComplete, Checkbox, Form, Input } from "antd";
import { useTranslation } from "react-i18next";
import { FormDrawer } from "@/ui/FormDrawer";
import { type Bulletin, categoriesQuery, changeBulletin, createBulletin } from "../model/queries";
import { useDoing } from "../model/useDoing";

interface Values {
  title: string;
  text: string;
  category?: string;
  is_pinned?: boolean;
}

/** Write something for the bulletin, or change it. */
export function BulletinForm({ bulletin, onClose }: { bulletin?: Bulletin; onClose: () => void }) {
  const { t } = useTranslation("announcements");
  const doing = useDoing("bulletins");
  const categories = useQuery(categoriesQuery).data?.items ?? [];
  const required = [{ required: true, whitespace: true, message: t("required") }];
  return (
    <FormDrawer<Values>
      isOpen
      width={600}
      title={bulletin?.title ?? t("bulletin.add")}
      initial={bulletin ?? {}}
      onSubmit={async (values) => {
        const body = { ...values, category: values.category ?? "", is_pinned: values.is_pinned ?? false };
        if (bulletin) await changeBulletin(bulletin.id, body);
        else await createBulletin(body);
        await doing(async () => undefined, t("saved"));
        onClose();
      }}
      onClose={onClose}
    >
      <Form.Item name="title" label={t("notice.title")} rules={required}>
        <Input maxLength={120} autoFocus />
      </Form.Item>
      <Form.Item name="category" label={t("bulletin.category")} extra={t("bulletin.categoryHint")}>
        <AutoComplete options={categories.map((value) => ({ value }))} maxLength={40} />
      </Form.Item>
      <Form.Item name="text" label={t("text")} extra={t("textHint")} rules={required}>
        <Input.TextArea rows={10} maxLength={20000} />
      </Form.Item>
      <Form.Item name="is_pinned" valuePropName="checked">
        <Checkbox>{t("bulletin.pin")}</Checkbox>
      </Form.Item>
    </FormDrawer>
  );
}
