import { useQuery } from "@tanstack/react-query";
import { Checkbox, Form, Input, Radio, Select } from "antd";
import { useTranslation } from "react-i18next";
import { useTimeZone } from "@/api/session";
import { instantOf, wallOf } from "@/lib/days";
import { localName } from "@/lib/names";
import { useLive } from "@/live/store";
import { useServerNow } from "@/live/useServerNow";
import { FormDrawer } from "@/ui/FormDrawer";
import { createNotice, organisationQuery, publishNotice } from "../model/queries";
import { useDoing } from "../model/useDoing";
import styles from "./Announcements.module.css";

const DAY_MS = 86_400_000;
const REMINDERS_H = [4, 24, 72] as const;

interface Values {
  title: string;
  text: string;
  is_urgent?: boolean;
  whom: "everybody" | "chosen";
  user_ids?: number[];
  team_ids?: number[];
  department_ids?: number[];
  role_codes?: string[];
  starts: string;
  ends: string;
  remind: number;
  isAtOnce?: boolean;
}

/** Write a notice, for whom and from when to when; published at once or kept as a draft. */
export function NoticeForm({ onClose, onMade }: { onClose: () => void; onMade: (id: number) => void }) {
  const { t, i18n } = useTranslation("announcements");
  const zone = useTimeZone();
  const now_ms = useServerNow();
  const doing = useDoing("notices");
  const organisation = useQuery(organisationQuery).data;
  const colleagues = useLive((state) => state.colleagues);
  const several = { mode: "multiple", optionFilterProp: "label", placeholder: t("notice.none") } as const;
  const named = (items: readonly { id: number; name: string }[] | undefined) =>
    (items ?? []).map(({ id, name }) => ({ value: id, label: name }));
  const submit = async (values: Values) => {
    const isChosen = values.whom === "chosen";
    const made = await createNotice({
      title: values.title,
      text: values.text,
      is_urgent: values.is_urgent ?? false,
      is_for_everybody: !isChosen,
      user_ids: isChosen ? (values.user_ids ?? []) : [],
      team_ids: isChosen ? (values.team_ids ?? []) : [],
      department_ids: isChosen ? (values.department_ids ?? []) : [],
      role_codes: isChosen ? (values.role_codes ?? []) : [],
      starts_at: instantOf(values.starts, zone),
      ends_at: instantOf(values.ends, zone),
      remind_every_h: values.remind || null,
    });
    await doing(
      async () => values.isAtOnce && (await publishNotice(made.id)),
      t(values.isAtOnce ? "notice.published" : "saved"),
    );
    onMade(made.id);
  };
  const required = [{ required: true, whitespace: true, message: t("required") }];
  return (
    <FormDrawer<Values>
      isOpen
      width={600}
      title={t("notice.add")}
      initial={{
        whom: "everybody",
        starts: wallOf(now_ms, zone),
        ends: wallOf(now_ms + 7 * DAY_MS, zone),
        remind: 24,
        isAtOnce: true,
      }}
      onSubmit={submit}
      onClose={onClose}
    >
      <Form.Item name="title" label={t("notice.title")} rules={required}>
        <Input maxLength={120} autoFocus />
      </Form.Item>
      <Form.Item name="text" label={t("text")} extra={t("textHint")} rules={required}>
        <Input.TextArea rows={6} maxLength={20000} />
      </Form.Item>
      <Form.Item name="whom" label={t("notice.readers")}>
        <Radio.Group
          options={(["everybody", "chosen"] as const).map((value) => ({
            value,
            label: t(`notice.${value}`),
          }))}
        />
      </Form.Item>
      <Form.Item noStyle dependencies={["whom"]}>
        {({ getFieldValue }) =>
          getFieldValue("whom") === "chosen" && (
            <div className={styles.row}>
              <Form.Item name="user_ids" label={t("notice.users")}>
                <Select {...several} options={named(colleagues)} />
              </Form.Item>
              <Form.Item name="team_ids" label={t("notice.teams")}>
                <Select {...several} options={named(organisation?.teams)} />
              </Form.Item>
              <Form.Item name="department_ids" label={t("notice.departments")}>
                <Select {...several} options={named(organisation?.departments)} />
              </Form.Item>
              <Form.Item name="role_codes" label={t("notice.roles")}>
                <Select
                  {...several}
                  options={(organisation?.roles ?? []).map((role) => ({
                    value: role.code,
                    label: localName(role, i18n.language),
                  }))}
                />
              </Form.Item>
            </div>
          )
        }
      </Form.Item>
      <div className={styles.row}>
        <Form.Item name="starts" label={t("notice.from")} rules={required}>
          <Input type="datetime-local" />
        </Form.Item>
        <Form.Item name="ends" label={t("notice.until")} rules={required}>
          <Input type="datetime-local" />
        </Form.Item>
      </div>
      <Form.Item name="remind" label={t("notice.remindEvery")}>
        <Select
          options={[
            { value: 0, label: t("notice.remindNever") },
            ...REMINDERS_H.map((value) => ({ value, label: t("notice.hours", { count: value }) })),
          ]}
        />
      </Form.Item>
      <Form.Item name="is_urgent" valuePropName="checked">
        <Checkbox>{t("notice.isUrgent")}</Checkbox>
      </Form.Item>
      <Form.Item name="isAtOnce" valuePropName="checked">
        <Checkbox>{t("notice.atOnce")}</Checkbox>
      </Form.Item>
    </FormDrawer>
  );
}
