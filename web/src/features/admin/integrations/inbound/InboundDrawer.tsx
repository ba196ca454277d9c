import { App, Button, Form, Input, InputNumber, Radio, Switch } from "antd";
import { useTranslation } from "react-i18next";
import { problemText } from "@/api/problem-text";
import { RecordDrawer } from "../../components/RecordDrawer";
import { MappingField } from "../connectors/MappingField";
import {
  changeInbound,
  changeInboundSecret,
  createInbound,
  type Inbound,
  type InboundMade,
  type InboundValues,
} from "./api";

interface Props {
  /** null: a new one */
  inbound: Inbound | null;
  onClose: () => void;
  /** There is a secret to hand over, once. */
  onSecret: (made: InboundMade) => void;
}

const FIRST: Partial<InboundValues> = {
  check_by: "signature",
  mapping: [{ pointer: "/phone", field: "number" }],
  calls_per_minute: 120,
  is_enabled: true,
};

/** Make an inbound address or change one. */
export function InboundDrawer({ inbound, onClose, onSecret }: Props) {
  const { t } = useTranslation("integrations");
  const required = { required: true, message: t("required") };
  const save = async (values: InboundValues) => {
    if (inbound) return changeInbound(inbound.id, values);
    onSecret(await createInbound(values));
  };
  return (
    <RecordDrawer<InboundValues>
      key={inbound?.id ?? "new"}
      title={inbound ? inbound.name : t("inbound.add")}
      initial={inbound ?? FIRST}
      save={save}
      onClose={onClose}
      width={560}
    >
      <Form.Item name="name" label={t("inbound.name")} extra={t("inbound.nameHint")} rules={[required]}>
        <Input maxLength={60} autoFocus={!inbound} autoComplete="off" />
      </Form.Item>
      <Form.Item name="check_by" label={t("inbound.check")}>
        <Radio.Group
          vertical
          options={(["signature", "token"] as const).map((value) => ({
            value,
            label: t(`inbound.checkHints.${value}`),
          }))}
        />
      </Form.Item>
      <MappingField />
      <Form.Item name="calls_per_minute" label={t("inbound.perMinute")} rules={[required]}>
        <InputNumber min={1} max={6000} />
      </Form.Item>
      <Form.Item name="is_enabled" label={t("inbound.enabled")} valuePropName="checked">
        <Switch />
      </Form.Item>
      {inbound && (
        <Form.Item label={t("inbound.secret")} extra={t("inbound.newSecretHint")}>
          <NewSecret inbound={inbound} onSecret={onSecret} />
        </Form.Item>
      )}
    </RecordDrawer>
  );
}

function NewSecret({ inbound, onSecret }: { inbound: Inbound; onSecret: Props["onSecret"] }) {
  const { t } = useTranslation("integrations");
  const { message, modal } = App.useApp();
  const change = () =>
    modal.confirm({
      title: t("inbound.newSecretSure", { name: inbound.name }),
      content: t("inbound.newSecretHint"),
      onOk: async () => {
        try {
          onSecret(await changeInboundSecret(inbound.id));
        } catch (error) {
          message.error(problemText(error));
        }
      },
    });
  return <Button onClick={change}>{t("inbound.newSecret")}</Button>;
}
