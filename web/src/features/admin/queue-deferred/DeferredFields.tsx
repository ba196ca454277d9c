import { Checkbox, Form, InputNumber, Space, Switch } from "antd";
import { useTranslation } from "react-i18next";
import { ReminderFields } from "./ReminderFields";

interface NumberField {
  name:
    | "after_s"
    | "attempts"
    | "retry_after_s"
    | "expires_after_s"
    | "bookings_per_hour"
    | "max_s"
    | "silence_s"
    | "limit";
  min: number;
  max: number;
}

const CALLBACK = {
  is_offered: true,
  after_s: 60,
  attempts: 3,
  retry_after_s: 600,
  expires_after_s: 28_800,
  is_customer_first: false,
  may_change_number: true,
  bookings_per_hour: 20,
  is_public: false,
  reminder: null,
};
const VOICEMAIL = { is_offered: true, max_s: 120, silence_s: 8, limit: 100, priority: -10 };

const CALLBACK_NUMBERS: readonly NumberField[] = [
  { name: "after_s", min: 0, max: 3600 },
  { name: "attempts", min: 1, max: 10 },
  { name: "retry_after_s", min: 30, max: 86_400 },
  { name: "expires_after_s", min: 300, max: 604_800 },
  { name: "bookings_per_hour", min: 0, max: 1000 },
];
const VOICEMAIL_NUMBERS: readonly NumberField[] = [
  { name: "max_s", min: 10, max: 600 },
  { name: "silence_s", min: 2, max: 60 },
  { name: "limit", min: 1, max: 1000 },
];

/** What a queue offers instead of waiting: to be called back at the same place, and to leave a message. */
export function DeferredFields() {
  const { t } = useTranslation("queue-deferred");
  return (
    <>
      <Form.Item label={t("callback.title")} extra={t("callback.hint")}>
        <Offer
          name="callback"
          fresh={CALLBACK}
          numbers={CALLBACK_NUMBERS}
          choices={["is_offered", "may_change_number", "is_customer_first", "is_public"]}
        />
      </Form.Item>
      <ReminderFields />
      <Form.Item label={t("voicemail.title")} extra={t("voicemail.hint")}>
        <Offer name="voicemail" fresh={VOICEMAIL} numbers={VOICEMAIL_NUMBERS} choices={["is_offered"]} />
      </Form.Item>
    </>
  );
}

interface OfferProps {
  name: "callback" | "voicemail";
  /** What it begins with where it is switched on. */
  fresh: object;
  numbers: readonly NumberField[];
  choices: readonly ("is_offered" | "may_change_number" | "is_customer_first" | "is_public")[];
}

/** Keeps the whole value in the form, so that switching it off is saved too. */
function Kept() {
  return null;
}

/** One of the two: off (null), or on with its numbers. */
function Offer({ name, fresh, numbers, choices }: OfferProps) {
  const { t } = useTranslation("queue-deferred");
  const form = Form.useFormInstance();
  const isOn = Boolean(Form.useWatch(name, { form, preserve: true }));
  return (
    <>
      <Form.Item name={name} noStyle>
        <Kept />
      </Form.Item>
      <Switch
        checked={isOn}
        aria-label={t(`${name}.title`)}
        onChange={(isWanted) => form.setFieldValue(name, isWanted ? fresh : null)}
      />
      {isOn && (
        <Space orientation="vertical" style={{ width: "100%", marginTop: 12 }}>
          {numbers.map((field) => (
            <Form.Item
              key={field.name}
              name={[name, field.name]}
              label={t(`${name}.${field.name}` as "callback.after_s")}
              style={{ marginBottom: 0 }}
              rules={[
                {
                  required: true,
                  type: "integer",
                  min: field.min,
                  max: field.max,
                  message: t("range", field),
                },
              ]}
            >
              <InputNumber
                precision={0}
                style={{ width: 160 }}
                {...(field.name.endsWith("_s") && { suffix: t("seconds") })}
              />
            </Form.Item>
          ))}
          {choices.map((choice) => (
            <Form.Item key={choice} name={[name, choice]} valuePropName="checked" style={{ marginBottom: 0 }}>
              <Checkbox>{t(`${name}.${choice}` as "callback.is_offered")}</Checkbox>
            </Form.Item>
          ))}
        </Space>
      )}
    </>
  );
}
