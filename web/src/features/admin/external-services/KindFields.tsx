import { Button, Form, Input, InputNumber, Select } from "antd";
import { Plus, Trash2 } from "lucide-react";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import type { ServiceKind } from "./api";
import { isStreamed, pathOf } from "./values";

/** Double braces in these words are what the reader is to type. */
const AS_WRITTEN = { interpolation: { prefix: "<<", suffix: ">>" } };

/** What a service of its kind must be told. */
export function KindFields({ kind }: { kind: ServiceKind }) {
  switch (kind) {
    case "http":
      return (
        <>
          <Line name="base_url" example="https://api.example.com/v1" />
          <Line name="secret_header" isOptional />
          <PairRows name="headers" />
        </>
      );
    case "database":
      return (
        <>
          <Line name="host" example="erp.example.com" />
          <Port />
          <Line name="database" />
          <Line name="username" />
          <OneOf name="tls" codes={["verify-full", "require", "disable"]} />
          <StatementRows />
        </>
      );
    case "payment":
      return (
        <>
          <Line name="base_url" example="https://pay.example.com" />
          <Line name="path" />
          <Body hint="payment" />
          <Line name="status_pointer" example="/status" />
          <Words name="paid" />
          <Words name="refused" />
          <Line name="reference_pointer" isOptional example="/id" />
          <Line name="secret_header" isOptional />
        </>
      );
    case "sms":
      return (
        <>
          <Line name="base_url" example="https://sms.example.com/send" />
          <Body hint="sms" />
          <Line name="ok_pointer" isOptional example="/code" />
          <Words name="ok_values" isOptional />
          <Line name="secret_header" isOptional />
          <PairRows name="headers" />
        </>
      );
    case "synthesis":
      return (
        <>
          <Line name="base_url" example="https://voice.example.com" />
          <Line name="path" example="/v1/audio/speech" />
          <Body hint="synthesis" />
          <Languages />
          <Line name="secret_header" isOptional />
          <PairRows name="headers" />
        </>
      );
    case "recognition":
      return <RecognitionFields />;
    case "mail":
      return (
        <>
          <Line name="host" example="smtp.example.com" />
          <Port />
          <OneOf name="security" codes={["tls", "starttls", "none"]} />
          <Line name="username" isOptional />
          <Line name="from_address" example="service@example.com" />
          <Line name="from_name" isOptional />
        </>
      );
  }
}

/** By a request for each utterance, or by a websocket that hears it as it is said. */
function RecognitionFields() {
  const form = Form.useFormInstance();
  const protocol: unknown = Form.useWatch(["settings", "protocol"], form);
  const isSocket = isStreamed(protocol);
  return (
    <>
      <OneOf
        name="protocol"
        codes={["form", "wav", "funasr", "sherpa"]}
        onChosen={(code) => {
          const settings: { path?: unknown } = form.getFieldValue("settings");
          form.setFieldValue("settings", { ...settings, path: pathOf(code, settings.path) });
        }}
      />
      <Line
        name="base_url"
        isSocket={isSocket}
        example={isSocket ? "wss://ear.example.com:10095" : "https://ear.example.com"}
      />
      <Line name="path" example={isSocket ? "/" : "/v1/audio/transcriptions"} />
      {!isSocket && <PairRows name="fields" />}
      {!isSocket && <Line name="text_pointer" example="/text" />}
      <Languages />
      <Line name="secret_header" isOptional />
      <PairRows name="headers" />
    </>
  );
}

type FieldName =
  | "base_url"
  | "secret_header"
  | "host"
  | "database"
  | "username"
  | "path"
  | "languages"
  | "protocol"
  | "text_pointer"
  | "status_pointer"
  | "paid"
  | "refused"
  | "reference_pointer"
  | "ok_pointer"
  | "ok_values"
  | "from_address"
  | "from_name"
  | "tls"
  | "security"
  | "port";

function Item({
  name,
  isOptional = false,
  isSocket = false,
  children,
}: {
  name: FieldName;
  isOptional?: boolean;
  isSocket?: boolean;
  children: ReactNode;
}) {
  const { t } = useTranslation("external-services");
  return (
    <Form.Item
      name={["settings", name]}
      label={t(`fields.${name}.label`)}
      extra={t(isSocket ? "fields.base_url.socketHint" : `fields.${name}.hint`)}
      rules={isOptional ? [] : [{ required: true, message: t("required") }]}
    >
      {children}
    </Form.Item>
  );
}

function Line({
  name,
  isOptional = false,
  isSocket = false,
  example,
}: {
  name: FieldName;
  isOptional?: boolean;
  isSocket?: boolean;
  example?: string;
}) {
  return (
    <Item name={name} isOptional={isOptional} isSocket={isSocket}>
      <Input
        maxLength={300}
        autoComplete="off"
        spellCheck={false}
        {...(example && { placeholder: example })}
      />
    </Item>
  );
}

function Port() {
  return (
    <Item name="port">
      <InputNumber min={1} max={65_535} precision={0} style={{ width: 160 }} />
    </Item>
  );
}

function Words({
  name,
  isOptional = false,
}: {
  name: "paid" | "refused" | "ok_values";
  isOptional?: boolean;
}) {
  return (
    <Item name={name} isOptional={isOptional}>
      <Select mode="tags" open={false} suffixIcon={null} />
    </Item>
  );
}

function Languages() {
  const { t } = useTranslation("external-services");
  return (
    <Item name="languages">
      <Select
        mode="multiple"
        options={(["zh", "en"] as const).map((value) => ({ value, label: t(`languages.${value}`) }))}
      />
    </Item>
  );
}

function OneOf({
  name,
  codes,
  onChosen,
}: {
  name: "tls" | "security" | "protocol";
  codes: readonly string[];
  onChosen?: (code: string) => void;
}) {
  const { t } = useTranslation("external-services");
  return (
    <Item name={name}>
      <Select
        {...(onChosen && { onSelect: onChosen })}
        options={codes.map((value) => ({
          value,
          label: t(`fields.${name}.codes.${value as "require"}` as "fields.tls.codes.require"),
        }))}
      />
    </Item>
  );
}

function Body({ hint }: { hint: "payment" | "sms" | "synthesis" }) {
  const { t } = useTranslation("external-services");
  return (
    <Form.Item
      name={["settings", "body"]}
      label={t("fields.body.label")}
      extra={t(`fields.body.${hint}`, AS_WRITTEN)}
      rules={[{ required: true, message: t("required") }]}
    >
      <Input.TextArea maxLength={4000} rows={8} spellCheck={false} style={{ fontFamily: "monospace" }} />
    </Form.Item>
  );
}

function PairRows({ name: field }: { name: "headers" | "fields" }) {
  const { t } = useTranslation("external-services");
  return (
    <Form.Item label={t(`fields.${field}.label`)} extra={t(`fields.${field}.hint`)}>
      <Form.List name={["settings", field]}>
        {(rows, { add, remove }) => (
          <>
            {rows.map(({ key, name }) => (
              <div key={key} style={{ display: "flex", gap: 8 }}>
                <Form.Item name={[name, "name"]} style={{ flex: 1 }}>
                  <Input
                    maxLength={40}
                    aria-label={t(`fields.${field}.name`)}
                    placeholder={t(`fields.${field}.name`)}
                  />
                </Form.Item>
                <Form.Item name={[name, "text"]} style={{ flex: 2 }}>
                  <Input
                    maxLength={300}
                    aria-label={t(`fields.${field}.text`)}
                    placeholder={t(`fields.${field}.text`)}
                  />
                </Form.Item>
                <Button
                  type="text"
                  icon={<Trash2 size={16} />}
                  aria-label={t(`fields.${field}.remove`)}
                  onClick={() => remove(name)}
                />
              </div>
            ))}
            <Button icon={<Plus size={14} />} disabled={rows.length >= 20} onClick={() => add({})}>
              {t(`fields.${field}.add`)}
            </Button>
          </>
        )}
      </Form.List>
    </Form.Item>
  );
}

function StatementRows() {
  const { t } = useTranslation("external-services");
  const required = [{ required: true, message: t("required") }];
  return (
    <Form.Item label={t("fields.statements.label")} extra={t("fields.statements.hint", AS_WRITTEN)}>
      <Form.List name={["settings", "statements"]}>
        {(rows, { add, remove }) => (
          <>
            {rows.map(({ key, name }, index) => (
              <fieldset
                key={key}
                aria-label={`${t("fields.statements.label")} ${index + 1}`}
                style={{ border: 0, padding: 0, margin: "0 0 12px", minWidth: 0 }}
              >
                <div style={{ display: "flex", gap: 8 }}>
                  <Form.Item
                    name={[name, "code"]}
                    style={{ flex: 1 }}
                    rules={[
                      ...required,
                      { pattern: /^[a-z][a-z0-9_]{0,29}$/, message: t("fields.statements.badCode") },
                    ]}
                  >
                    <Input
                      aria-label={t("fields.statements.code")}
                      placeholder={t("fields.statements.code")}
                    />
                  </Form.Item>
                  <Form.Item name={[name, "name"]} style={{ flex: 2 }} rules={required}>
                    <Input
                      maxLength={60}
                      aria-label={t("fields.statements.name")}
                      placeholder={t("fields.statements.name")}
                    />
                  </Form.Item>
                  <Button
                    type="text"
                    icon={<Trash2 size={16} />}
                    aria-label={t("fields.statements.remove")}
                    onClick={() => remove(name)}
                  />
                </div>
                <Form.Item name={[name, "query"]} rules={required}>
                  <Input.TextArea
                    maxLength={4000}
                    rows={4}
                    spellCheck={false}
                    style={{ fontFamily: "monospace" }}
                    aria-label={t("fields.statements.query")}
                    placeholder="SELECT status FROM orders WHERE number = {{order}}"
                  />
                </Form.Item>
              </fieldset>
            ))}
            <Button icon={<Plus size={14} />} disabled={rows.length >= 50} onClick={() => add({})}>
              {t("fields.statements.add")}
            </Button>
          </>
        )}
      </Form.List>
    </Form.Item>
  );
}
