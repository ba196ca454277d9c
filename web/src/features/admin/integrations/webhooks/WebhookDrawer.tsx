import { useQuery } from "@tanstack/react-query";
import { App, Button, Checkbox, Form, Input, Switch } from "antd";
import { useTranslation } from "react-i18next";
import { problemText } from "@/api/problem-text";
import { RecordDrawer } from "../../components/RecordDrawer";
import { RightsField } from "../components/RightsField";
import {
  changeSecret,
  changeWebhook,
  createWebhook,
  eventTypesQuery,
  type Webhook,
  type WebhookValues,
} from "./api";

interface Props {
  /** null: a new one */
  webhook: Webhook | null;
  onClose: () => void;
  /** There is a secret to hand over, once. */
  onSecret: (made: { name: string; secret: string }) => void;
}

/** Make a webhook or change one. */
export function WebhookDrawer({ webhook, onClose, onSecret }: Props) {
  const { t } = useTranslation("integrations");
  const events = useQuery(eventTypesQuery);
  const required = { required: true, message: t("required") };
  const save = async (values: WebhookValues) => {
    if (webhook) return changeWebhook(webhook.id, values);
    onSecret(await createWebhook(values));
  };
  const inside = events.data?.internal_hosts ?? [];
  return (
    <RecordDrawer<WebhookValues>
      key={webhook?.id ?? "new"}
      title={webhook ? webhook.name : t("webhooks.add")}
      initial={webhook ?? { events: [], rights: [], is_enabled: true }}
      save={save}
      onClose={onClose}
      width={560}
    >
      <Form.Item name="name" label={t("webhooks.name")} rules={[required]}>
        <Input maxLength={60} autoFocus={!webhook} autoComplete="off" />
      </Form.Item>
      <Form.Item
        name="url"
        label={t("webhooks.url")}
        extra={
          inside.length > 0
            ? t("webhooks.urlHintInside", { hosts: inside.join(", ") })
            : t("webhooks.urlHint")
        }
        rules={[required]}
      >
        <Input maxLength={500} autoComplete="off" spellCheck={false} placeholder="https://" />
      </Form.Item>
      <Form.Item name="events" label={t("webhooks.events")} rules={[required]}>
        <EventsField />
      </Form.Item>
      <Form.Item name="rights" label={t("webhooks.rights")} extra={t("webhooks.rightsHint")}>
        <RightsField />
      </Form.Item>
      <Form.Item name="is_enabled" label={t("webhooks.enabled")} valuePropName="checked">
        <Switch />
      </Form.Item>
      {webhook && (
        <Form.Item label={t("webhooks.secret")} extra={t("webhooks.newSecretHint")}>
          <NewSecret webhook={webhook} onSecret={onSecret} />
        </Form.Item>
      )}
    </RecordDrawer>
  );
}

interface EventsFieldProps {
  value?: string[];
  onChange?: (events: string[]) => void;
}

/** Takes the value alone of what a form gives its fields: the group of boxes has no role that `aria-required` fits. */
function EventsField({ value, onChange }: EventsFieldProps) {
  const { i18n } = useTranslation("integrations");
  const events = useQuery(eventTypesQuery);
  return (
    <Checkbox.Group
      style={{ display: "grid", gap: 6 }}
      {...(value !== undefined && { value })}
      {...(onChange !== undefined && { onChange })}
    >
      {(events.data?.items ?? []).map((event) => (
        <Checkbox key={event.code} value={event.code}>
          {i18n.language === "zh" ? event.zh : event.en} <code>{event.code}</code>
        </Checkbox>
      ))}
    </Checkbox.Group>
  );
}

function NewSecret({ webhook, onSecret }: { webhook: Webhook; onSecret: Props["onSecret"] }) {
  const { t } = useTranslation("integrations");
  const { message } = App.useApp();
  const change = async () => {
    try {
      onSecret(await changeSecret(webhook.id));
    } catch (error) {
      message.error(problemText(error));
    }
  };
  return <Button onClick={() => void change()}>{t("webhooks.newSecret")}</Button>;
}
