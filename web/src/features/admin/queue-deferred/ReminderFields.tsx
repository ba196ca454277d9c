import { useQuery } from "@tanstack/react-query";
import { Form, Input, InputNumber, Select, Switch } from "antd";
import { useTranslation } from "react-i18next";
import { listServices } from "../external-services/api";

const NAME = ["callback", "reminder"];
/** What stands for itself in the words about texts. */
const PLACES = {
  day: "{{day}}",
  time: "{{time}}",
  company: "{{company}}",
  queue: "{{queue}}",
  link: "{{link}}",
};
const EVERY = { page: 1, page_size: 200, sort: "name", search: "" } as const;

/** Keeps the whole value in the form, so that switching it off is saved too. */
function Kept() {
  return null;
}

/** Whether who booked a callback is written to before it, by which service and in which words. */
export function ReminderFields() {
  const { t, i18n } = useTranslation("queue-deferred");
  const form = Form.useFormInstance();
  const takesBookings = Boolean(Form.useWatch("callback", { form, preserve: true }));
  const isOn = Boolean(Form.useWatch(NAME, { form, preserve: true }));
  const fixed = i18n.getFixedT;
  if (!takesBookings) return null;
  const fresh = {
    service: null,
    hours_before: 2,
    subject_zh: fixed("zh", "queue-deferred")("reminder.freshSubject"),
    subject_en: fixed("en", "queue-deferred")("reminder.freshSubject"),
    text_zh: fixed("zh", "queue-deferred")("reminder.freshText", PLACES),
    text_en: fixed("en", "queue-deferred")("reminder.freshText", PLACES),
    page: location.origin,
  };
  return (
    <Form.Item label={t("reminder.title")} extra={t("reminder.hint")}>
      <Form.Item name={NAME} noStyle>
        <Kept />
      </Form.Item>
      <Switch
        checked={isOn}
        aria-label={t("reminder.title")}
        onChange={(isWanted) => form.setFieldValue(NAME, isWanted ? fresh : null)}
      />
      {isOn && (
        <div style={{ marginTop: 12 }}>
          <ServiceField />
          <Form.Item
            name={[...NAME, "hours_before"]}
            label={t("reminder.hours_before")}
            rules={[
              {
                required: true,
                type: "integer",
                min: 1,
                max: 72,
                message: t("range", { min: 1, max: 72 }),
              },
            ]}
          >
            <InputNumber precision={0} suffix={t("hours")} style={{ width: 160 }} />
          </Form.Item>
          {(["zh", "en"] as const).map((language) => (
            <TextFields key={language} language={language} />
          ))}
          <Form.Item name={[...NAME, "page"]} label={t("reminder.page")} extra={t("reminder.pageHint")}>
            <Input maxLength={200} />
          </Form.Item>
        </div>
      )}
    </Form.Item>
  );
}

function ServiceField() {
  const { t } = useTranslation("queue-deferred");
  const services = useQuery({
    queryKey: ["external-services", "of-messages"],
    queryFn: () => listServices(EVERY),
  });
  const ofMessages = (services.data?.items ?? []).filter(
    ({ kind, is_enabled }) => is_enabled && (kind === "sms" || kind === "mail"),
  );
  return (
    <Form.Item
      name={[...NAME, "service"]}
      label={t("reminder.service")}
      rules={[{ required: true, message: t("reminder.serviceMissing") }]}
    >
      <Select
        loading={services.isPending}
        notFoundContent={t("reminder.none")}
        options={ofMessages.map(({ id, name }) => ({ value: id, label: name }))}
      />
    </Form.Item>
  );
}

function TextFields({ language }: { language: "zh" | "en" }) {
  const { t } = useTranslation("queue-deferred");
  return (
    <>
      <Form.Item name={[...NAME, `subject_${language}`]} label={t(`reminder.subject_${language}`)}>
        <Input maxLength={200} />
      </Form.Item>
      <Form.Item
        name={[...NAME, `text_${language}`]}
        label={t(`reminder.text_${language}`)}
        extra={t("reminder.places", PLACES)}
        rules={[{ required: true, whitespace: true, message: t("reminder.textMissing") }]}
      >
        <Input.TextArea maxLength={1000} rows={3} />
      </Form.Item>
    </>
  );
}
