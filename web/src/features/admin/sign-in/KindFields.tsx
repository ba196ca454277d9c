import { App, Form, Input } from "antd";
import { useTranslation } from "react-i18next";
import { problemText } from "@/api/problem-text";
import { readMetadata } from "./queries";

/** Where an OpenID provider is, and who we are to it. */
export function OidcFields({ hasSecret }: { hasSecret: boolean }) {
  const { t } = useTranslation("sign-in");
  return (
    <>
      <Form.Item
        name="issuer"
        label={t("field.issuer")}
        extra={t("field.issuerHint")}
        rules={[{ required: true }]}
      >
        <Input placeholder="https://idp.example.com/realms/main" spellCheck={false} />
      </Form.Item>
      <Form.Item name="client_id" label={t("field.client")} rules={[{ required: true }]}>
        <Input spellCheck={false} autoComplete="off" />
      </Form.Item>
      <Form.Item
        name="client_secret"
        label={t("field.secret")}
        extra={t(hasSecret ? "field.secretKept" : "field.secretHint")}
      >
        <Input.Password autoComplete="new-password" />
      </Form.Item>
      <Form.Item name="scopes" label={t("field.scopes")}>
        <Input spellCheck={false} />
      </Form.Item>
    </>
  );
}

/** Where a SAML provider is and by which certificate it signs; its metadata fill all of it in. */
export function SamlFields() {
  const { t } = useTranslation("sign-in");
  const { message } = App.useApp();
  const form = Form.useFormInstance();
  const fill = async (xml: string) => {
    if (xml.trim() === "") return;
    try {
      const { certificates, ...found } = await readMetadata(xml);
      form.setFieldsValue({ ...found, certificates: certificates.join("\n\n") });
      message.success(t("field.filled"));
    } catch (error) {
      message.error(problemText(error));
    }
  };
  return (
    <>
      <Form.Item label={t("field.metadata")} extra={t("field.metadataHint")} htmlFor="idp-metadata">
        <Input.TextArea
          id="idp-metadata"
          rows={3}
          spellCheck={false}
          onBlur={(event) => void fill(event.target.value)}
        />
      </Form.Item>
      <Form.Item name="issuer" label={t("field.entity")} rules={[{ required: true }]}>
        <Input spellCheck={false} />
      </Form.Item>
      <Form.Item name="login_url" label={t("field.loginUrl")} rules={[{ required: true }]}>
        <Input spellCheck={false} />
      </Form.Item>
      <Form.Item
        name="certificates"
        label={t("field.certificates")}
        extra={t("field.certificatesHint")}
        rules={[{ required: true }]}
      >
        <Input.TextArea rows={4} spellCheck={false} />
      </Form.Item>
    </>
  );
}
