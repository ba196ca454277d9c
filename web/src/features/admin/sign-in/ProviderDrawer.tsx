import { useQuery } from "@tanstack/react-query";
import { App, Form, Input, Select, Switch } from "antd";
import { useTranslation } from "react-i18next";
import { FormDrawer } from "@/ui/FormDrawer";
import { useSettingsChanged } from "../model/queries";
import { organisationQuery } from "../organisation/model/queries";
import { rolesQuery } from "../roles/model/queries";
import { GroupRolesField } from "./GroupRolesField";
import { OidcFields, SamlFields } from "./KindFields";
import { OwnAddresses } from "./OwnAddresses";
import { changeProvider, createProvider, type Provider } from "./queries";
import styles from "./SignIn.module.css";
import { toBody, toValues, type Values } from "./values";

interface Props {
  kind: "oidc" | "saml";
  /** undefined: a new one */
  provider: Provider | undefined;
  onMade: (provider: Provider) => void;
  onClose: () => void;
}

/** One identity provider: where it is, how its claims become a user, and what to tell it of us. */
export function ProviderDrawer({ kind, provider, onMade, onClose }: Props) {
  const { t } = useTranslation("sign-in");
  const { message } = App.useApp();
  const changed = useSettingsChanged();
  const roles = (useQuery(rolesQuery).data ?? []).map(({ code, name }) => ({ value: code, label: name }));
  const teams = (useQuery(organisationQuery).data?.teams ?? []).map(({ id, name }) => ({
    value: id,
    label: name,
  }));
  const submit = async (values: Values) => {
    const body = toBody(values);
    if (provider) {
      await changeProvider(provider.id, body);
      message.success(t("provider.saved"));
      await changed();
      onClose();
      return;
    }
    const made = await createProvider({ ...body, kind, name: values.name, issuer: values.issuer });
    message.success(t("provider.made"));
    await changed();
    onMade(made); // opens it: what to hand over is known now
  };
  return (
    <FormDrawer<Values>
      title={provider ? provider.name : t(`provider.new.${kind}`)}
      isOpen
      width={640}
      initial={toValues(kind, provider)}
      onSubmit={submit}
      onClose={onClose}
    >
      {provider && <OwnAddresses provider={provider} />}
      <Form.Item name="name" label={t("field.name")} extra={t("field.nameHint")} rules={[{ required: true }]}>
        <Input maxLength={60} />
      </Form.Item>
      {kind === "oidc" ? <OidcFields hasSecret={provider?.has_secret ?? false} /> : <SamlFields />}
      <h3 className={styles.part}>{t("mapping.title")}</h3>
      <Form.Item name="user_claim" label={t("mapping.user")} extra={t(`mapping.userHint.${kind}`)}>
        <Input spellCheck={false} />
      </Form.Item>
      <Form.Item name="name_claim" label={t("mapping.name")}>
        <Input spellCheck={false} />
      </Form.Item>
      <Form.Item name="mail_domains" label={t("mapping.domains")} extra={t("mapping.domainsHint")}>
        <Select mode="tags" open={false} suffixIcon={null} tokenSeparators={[",", " "]} />
      </Form.Item>
      <Form.Item
        name="links_existing"
        label={t("mapping.links")}
        extra={t("mapping.linksHint")}
        valuePropName="checked"
      >
        <Switch />
      </Form.Item>
      <Form.Item
        name="does_create"
        label={t("mapping.creates")}
        extra={t("mapping.createsHint")}
        valuePropName="checked"
      >
        <Switch />
      </Form.Item>
      <Form.Item name="default_role" label={t("mapping.role")}>
        <Select options={roles} />
      </Form.Item>
      <Form.Item name="default_team" label={t("mapping.team")}>
        <Select options={teams} allowClear />
      </Form.Item>
      <Form.Item name="group_claim" label={t("mapping.groups")} extra={t("mapping.groupsHint")}>
        <Input spellCheck={false} />
      </Form.Item>
      <GroupRolesField roles={roles} teams={teams} />
      <Form.Item
        name="follows_groups"
        label={t("mapping.follows")}
        extra={t("mapping.followsHint")}
        valuePropName="checked"
      >
        <Switch />
      </Form.Item>
      <Form.Item name="origin" label={t("field.origin")} extra={t("field.originHint")}>
        <Input spellCheck={false} placeholder={location.origin} />
      </Form.Item>
      <Form.Item name="is_enabled" label={t("field.enabled")} valuePropName="checked">
        <Switch />
      </Form.Item>
    </FormDrawer>
  );
}
