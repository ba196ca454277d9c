import { Form, Input, InputNumber, Radio, Switch } from "antd";
import { useTranslation } from "react-i18next";
import type { Trunk } from "../model/api";

/** Where the carrier is, how we log in there, and which number we show. */
export function TrunkFields({ hasSecret }: { hasSecret: boolean }) {
  const { t } = useTranslation("admin");
  const transport = Form.useWatch<Trunk["transport"] | undefined>("transport");
  const registers = Form.useWatch<boolean | undefined>("does_register");
  return (
    <>
      <Form.Item
        name="host"
        label={t("trunks.host")}
        extra={t("trunks.hostHint")}
        rules={[
          { required: true, message: t("form.required") },
          { pattern: /^[A-Za-z0-9._:[\]-]+$/, message: t("trunks.hostBad") },
        ]}
      >
        <Input maxLength={255} placeholder="sip.example.com" spellCheck={false} autoComplete="off" />
      </Form.Item>
      <Form.Item
        name="transport"
        label={t("trunks.transport")}
        extra={t(`trunks.transportHints.${transport ?? "udp"}`)}
      >
        <Radio.Group
          options={(["udp", "tcp", "tls"] as const).map((kind) => ({
            value: kind,
            label: kind.toUpperCase(),
          }))}
        />
      </Form.Item>
      {transport === "tls" && (
        <Form.Item
          name="is_encrypted"
          label={t("trunks.encrypted")}
          extra={t("trunks.encryptedHint")}
          valuePropName="checked"
        >
          <Switch />
        </Form.Item>
      )}
      <Form.Item
        name="port"
        label={t("trunks.port")}
        rules={[
          {
            required: true,
            type: "integer",
            min: 1,
            max: 65_535,
            message: t("form.range", { min: 1, max: 65_535 }),
          },
        ]}
      >
        <InputNumber precision={0} style={{ width: 160 }} />
      </Form.Item>
      <Form.Item
        name="username"
        label={t("trunks.username")}
        extra={t("trunks.usernameHint")}
        dependencies={["does_register"]}
        rules={[
          { required: registers === true, message: t("trunks.usernameMissing") },
          { pattern: /^[^\s;,\\"<>]*$/, message: t("trunks.signsBad") },
        ]}
      >
        <Input maxLength={100} spellCheck={false} autoComplete="off" />
      </Form.Item>
      <Form.Item
        name="secret"
        label={t("trunks.secret")}
        rules={[{ pattern: /^[^\s;,\\"<>]*$/, message: t("trunks.signsBad") }]}
      >
        <Input.Password
          maxLength={100}
          autoComplete="new-password"
          {...(hasSecret && { placeholder: t("trunks.secretKept") })}
        />
      </Form.Item>
      <Form.Item
        name="does_register"
        label={t("trunks.registers")}
        extra={t("trunks.registersHint")}
        valuePropName="checked"
      >
        <Switch />
      </Form.Item>
      <Form.Item
        name="caller_number"
        label={t("trunks.callerNumber")}
        extra={t("trunks.callerNumberHint")}
        rules={[{ pattern: /^(\+?[0-9][0-9 -]*)?$/, message: t("form.badNumber") }]}
      >
        <Input maxLength={32} inputMode="tel" autoComplete="off" />
      </Form.Item>
    </>
  );
}
