import { useQuery } from "@tanstack/react-query";
import { App, Button, DatePicker, Form, Input, List, Modal, Select } from "antd";
import type { Dayjs } from "dayjs";
import { useTranslation } from "react-i18next";
import { problemText } from "@/api/problem-text";
import { useTimeZone } from "@/api/session";
import { formatInstant } from "@/lib/time";
import type { User } from "../model/api";
import { allUsers, useSettingsChanged } from "../model/queries";
import { absencesQuery, createAbsence, removeAbsence } from "./queries";

interface Values {
  deputy: number;
  span: [Dayjs, Dayjs];
  note?: string;
}

/** When a user is away, and who sees and works the user's things meanwhile. */
export function AbsenceModal({ user, onClose }: { user: User; onClose: () => void }) {
  const { t } = useTranslation("people");
  const { message } = App.useApp();
  const zone = useTimeZone();
  const changed = useSettingsChanged();
  const absences = useQuery(absencesQuery(user.id));
  const users = useQuery(allUsers);
  const [form] = Form.useForm<Values>();
  const attempt = async (act: () => Promise<unknown>, done: string) => {
    try {
      await act();
      message.success(done);
      form.resetFields();
    } catch (error) {
      message.error(problemText(error));
    }
    await changed();
  };
  const add = ({ deputy, span: [from, to], note = "" }: Values) =>
    attempt(
      () =>
        createAbsence({
          user: user.id,
          deputy,
          starts_at: from.toISOString(),
          ends_at: to.toISOString(),
          note,
        }),
      t("absence.saved"),
    );
  return (
    <Modal open title={t("absence.title", { name: user.name })} footer={null} onCancel={onClose}>
      <p>{t("absence.hint")}</p>
      <List
        size="small"
        loading={absences.isPending}
        dataSource={absences.data?.items ?? []}
        locale={{ emptyText: t("absence.none") }}
        renderItem={(absence) => (
          <List.Item
            actions={[
              <Button
                key="end"
                size="small"
                onClick={() => void attempt(() => removeAbsence(absence.id), t("absence.ended"))}
              >
                {t("absence.end")}
              </Button>,
            ]}
          >
            {formatInstant(absence.starts_at, zone)} – {formatInstant(absence.ends_at, zone)} ·{" "}
            {absence.deputy_name} {absence.note}
          </List.Item>
        )}
      />
      <Form<Values> form={form} layout="vertical" onFinish={(values) => void add(values)}>
        <Form.Item name="span" label={t("absence.span")} rules={[{ required: true, message: t("required") }]}>
          <DatePicker.RangePicker showTime={{ format: "HH:mm" }} format="YYYY-MM-DD HH:mm" />
        </Form.Item>
        <Form.Item
          name="deputy"
          label={t("absence.deputy")}
          rules={[{ required: true, message: t("required") }]}
        >
          <Select
            showSearch={{ optionFilterProp: "label" }}
            options={(users.data ?? [])
              .filter(({ id }) => id !== user.id)
              .map(({ id, name }) => ({ value: id, label: name }))}
          />
        </Form.Item>
        <Form.Item name="note" label={t("absence.note")}>
          <Input maxLength={200} />
        </Form.Item>
        <Button type="primary" htmlType="submit">
          {t("absence.add")}
        </Button>
      </Form>
    </Modal>
  );
}
