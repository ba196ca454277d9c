import { useQueryClient } from "@tanstack/react-query";
import { App, DatePicker, Form, Input } from "antd";
import type { Dayjs } from "dayjs";
import { useTranslation } from "react-i18next";
import { FormDrawer } from "@/ui/FormDrawer";
import { readPasted } from "../model/pasted";
import { addNumbers } from "../model/queries";
import type { ListCode } from "../model/search";

interface Values {
  numbers: string;
  reason: string;
  until?: Dayjs | null;
}

const MOST = 1000;

/** Put numbers on a list: one typed, or many pasted at once, for one reason. */
export function AddNumbers({ list, onClose }: { list: ListCode; onClose: () => void }) {
  const { t } = useTranslation(["number-lists", "customers"]);
  const { message, modal } = App.useApp();
  const client = useQueryClient();
  const name = t(`name.${list}`);
  const save = async ({ numbers, reason, until }: Values) => {
    const expires_at = until ? until.endOf("day").toISOString() : null;
    const done = await addNumbers({ list, numbers: readPasted(numbers), reason, expires_at });
    await client.invalidateQueries({ queryKey: ["customers"] });
    onClose();
    if (done.already.length + done.wrong.length === 0) {
      message.success(t("added", { count: done.added, list: name }));
      return;
    }
    modal.info({
      title: t("added", { count: done.added, list: name }),
      content: (
        <>
          {done.already.length > 0 && <p>{t("already", { numbers: done.already.join(t("comma")) })}</p>}
          {done.wrong.length > 0 && <p>{t("wrong", { numbers: done.wrong.join(t("comma")) })}</p>}
        </>
      ),
      okText: t("understood"),
    });
  };
  return (
    <FormDrawer<Values>
      title={t("addTo", { list: name })}
      isOpen
      initial={{ numbers: "", reason: "" }}
      onSubmit={save}
      onClose={onClose}
      submitLabel={t("add")}
    >
      <Form.Item
        name="numbers"
        label={t("numbers")}
        extra={t("numbersHint")}
        rules={[
          {
            validator: async (_, text: string) => {
              const count = readPasted(text ?? "").length;
              if (count === 0) throw new Error(t("missing"));
              if (count > MOST) throw new Error(t("tooMany", { count: MOST }));
            },
          },
        ]}
      >
        <Input.TextArea rows={6} autoFocus />
      </Form.Item>
      <Form.Item
        name="reason"
        label={t("reason")}
        extra={t("reasonHint")}
        rules={[{ required: true, whitespace: true, message: t("missing") }]}
      >
        <Input maxLength={300} />
      </Form.Item>
      <Form.Item name="until" label={t("until")} extra={t("untilHint")}>
        <DatePicker style={{ width: "100%" }} />
      </Form.Item>
    </FormDrawer>
  );
}
