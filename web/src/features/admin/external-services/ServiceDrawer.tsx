import { Form, Input, Switch } from "antd";
import { useTranslation } from "react-i18next";
import { RecordDrawer } from "../components/RecordDrawer";
import { changeService, createService, type ExternalService, type ServiceKind } from "./api";
import { KindFields } from "./KindFields";
import { freshValues, type ServiceValues, toBody, toValues } from "./values";

interface Props {
  kind: ServiceKind;
  /** null: a new one */
  service: ExternalService | null;
  onClose: () => void;
}

/** Make an external service or change one. Its secret is written, never read. */
export function ServiceDrawer({ kind, service, onClose }: Props) {
  const { t } = useTranslation("external-services");
  return (
    <RecordDrawer<ServiceValues>
      title={service ? service.name : t("addNamed", { kind: t(`kinds.${kind}.name`) })}
      initial={service ? toValues(service) : freshValues(kind)}
      save={(values) => {
        const body = toBody({ ...values, settings: { ...values.settings, kind } });
        return service ? changeService(service.id, body) : createService(body);
      }}
      onClose={onClose}
      width={640}
    >
      <p style={{ marginBottom: 16 }}>{t(`kinds.${kind}.hint`)}</p>
      <Form.Item name="name" label={t("name")} rules={[{ required: true, message: t("required") }]}>
        <Input maxLength={60} autoFocus={!service} autoComplete="off" />
      </Form.Item>
      <KindFields kind={kind} />
      <Form.Item
        name="secret"
        label={t(`kinds.${kind}.secret`)}
        extra={t(service?.has_secret ? "secretKept" : "secretHint")}
      >
        <Input.Password maxLength={2000} autoComplete="new-password" />
      </Form.Item>
      <Form.Item name="is_enabled" label={t("enabled")} extra={t("enabledHint")} valuePropName="checked">
        <Switch />
      </Form.Item>
    </RecordDrawer>
  );
}
