import { useQuery } from "@tanstack/react-query";
import { App, Button, Form, Input, InputNumber, Select, Switch } from "antd";
import { useTranslation } from "react-i18next";
import { problemText } from "@/api/problem-text";
import { RecordDrawer } from "../../components/RecordDrawer";
import { useSettingsChanged } from "../../model/queries";
import {
  type Connector,
  type ConnectorValues,
  changeConnector,
  connectorKindsQuery,
  createConnector,
  readAnew,
} from "./api";
import { MappingField } from "./MappingField";

interface Props {
  /** null: a new one */
  connector: Connector | null;
  onClose: () => void;
}

/** Connect another system, or change how. */
export function ConnectorDrawer({ connector, onClose }: Props) {
  const { t } = useTranslation("integrations");
  const kinds = useQuery(connectorKindsQuery).data?.items ?? [];
  const required = { required: true, message: t("required") };
  const save = ({ kind, secret, mapping, ...given }: ConnectorValues) => {
    if (!connector) return createConnector({ ...given, kind, secret, mapping: [] });
    return changeConnector(connector.id, {
      ...given,
      ...(mapping && { mapping }),
      ...(secret && { secret }),
    });
  };
  const stored = connector && {
    ...connector,
    kind: connector.kind as ConnectorValues["kind"],
    secret: "",
  };
  return (
    <RecordDrawer<ConnectorValues>
      key={connector?.id ?? "new"}
      title={connector ? connector.name : t("connectors.add")}
      initial={
        stored ?? {
          kind: "espocrm",
          pushes_contacts: true,
          pulls_customers: false,
          pull_every_min: 15,
          is_enabled: true,
        }
      }
      save={save}
      onClose={onClose}
      width={560}
    >
      <Form.Item name="kind" label={t("connectors.kind")} rules={[required]}>
        <Select
          disabled={connector !== null}
          options={kinds.map(({ code, name }) => ({ value: code, label: name }))}
        />
      </Form.Item>
      <Form.Item name="name" label={t("connectors.name")} rules={[required]}>
        <Input maxLength={60} autoFocus={!connector} autoComplete="off" />
      </Form.Item>
      <Form.Item name="url" label={t("connectors.url")} extra={t("connectors.urlHint")} rules={[required]}>
        <Input maxLength={500} autoComplete="off" spellCheck={false} placeholder="https://" />
      </Form.Item>
      <Form.Item
        name="secret"
        label={t("connectors.secret")}
        extra={connector ? t("connectors.secretKept") : t("connectors.secretHint")}
        rules={connector ? [] : [required]}
      >
        <Input.Password maxLength={200} autoComplete="new-password" />
      </Form.Item>
      <Form.Item
        name="pushes_contacts"
        label={t("connectors.pushes")}
        extra={t("connectors.pushesHint")}
        valuePropName="checked"
      >
        <Switch />
      </Form.Item>
      <Form.Item
        name="pulls_customers"
        label={t("connectors.pulls")}
        extra={t("connectors.pullsHint")}
        valuePropName="checked"
      >
        <Switch />
      </Form.Item>
      <Form.Item noStyle shouldUpdate={(before, after) => before.pulls_customers !== after.pulls_customers}>
        {({ getFieldValue }) =>
          getFieldValue("pulls_customers") === true && <PullFields connector={connector} />
        }
      </Form.Item>
      <Form.Item name="is_enabled" label={t("connectors.enabled")} valuePropName="checked">
        <Switch />
      </Form.Item>
    </RecordDrawer>
  );
}

function PullFields({ connector }: { connector: Connector | null }) {
  const { t } = useTranslation("integrations");
  return (
    <>
      <Form.Item name="pull_every_min" label={t("connectors.every")}>
        <InputNumber min={5} max={1440} suffix={t("connectors.minutes")} style={{ width: 160 }} />
      </Form.Item>
      {connector && (
        <>
          <MappingField />
          <Form.Item label={t("connectors.all")} extra={t("connectors.allHint")}>
            <ReadAnew connector={connector} />
          </Form.Item>
        </>
      )}
    </>
  );
}

function ReadAnew({ connector }: { connector: Connector }) {
  const { t } = useTranslation("integrations");
  const { message } = App.useApp();
  const changed = useSettingsChanged();
  const read = async () => {
    try {
      await readAnew(connector.id);
      message.success(t("connectors.allOrdered"));
      await changed();
    } catch (error) {
      message.error(problemText(error));
    }
  };
  return <Button onClick={() => void read()}>{t("connectors.allNow")}</Button>;
}
