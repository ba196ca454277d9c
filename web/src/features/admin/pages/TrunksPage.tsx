import { Form, Input, Switch, type TableProps } from "antd";
import { Split } from "lucide-react";
import { useTranslation } from "react-i18next";
import { StatusTag } from "@/ui/StatusTag";
import { RecordDrawer } from "../components/RecordDrawer";
import { RecordLink } from "../components/RecordLink";
import { RecordsPage } from "../components/RecordsPage";
import { TrunkFields } from "../components/TrunkFields";
import { TrunkTest } from "../components/TrunkTest";
import { type Trunk, trunks } from "../model/api";
import { FRESH_TRUNK, type TrunkValues, toNewTrunk, toTrunkChange } from "../model/trunk-body";

/** The lines to carriers, each with a test that says in plain words whether it works. */
export function TrunksPage() {
  const { t } = useTranslation("admin");
  const columns: NonNullable<TableProps<Trunk>["columns"]> = [
    {
      key: "name",
      title: t("trunks.name"),
      sorter: true,
      render: (_, trunk) => <RecordLink id={trunk.id}>{trunk.name}</RecordLink>,
    },
    {
      key: "host",
      title: t("trunks.host"),
      sorter: true,
      render: (_, { host, port, transport }) => (
        <span className="numbers">
          {host}:{port} {transport.toUpperCase()}
        </span>
      ),
    },
    {
      key: "does_register",
      title: t("trunks.login"),
      render: (_, trunk) => {
        if (!trunk.username) return t("trunks.byAddress");
        return trunk.does_register
          ? t("trunks.registersAs", { name: trunk.username })
          : t("trunks.asUser", { name: trunk.username });
      },
    },
    {
      key: "is_enabled",
      title: t("trunks.enabled"),
      sorter: true,
      render: (_, { is_enabled }) => (
        <StatusTag tone={is_enabled ? "ready" : "off"} hasDot>
          {is_enabled ? t("trunks.enabledYes") : t("trunks.enabledNo")}
        </StatusTag>
      ),
    },
    { key: "test", title: t("trunks.works"), render: (_, trunk) => <TrunkTest trunk={trunk} /> },
  ];
  return (
    <RecordsPage<Trunk>
      noun="trunks"
      icon={Split}
      resource={trunks}
      columns={columns}
      nameOf={(trunk) => trunk.name}
      drawer={(trunk, close) => <TrunkDrawer trunk={trunk} onClose={close} />}
    />
  );
}

function TrunkDrawer({ trunk, onClose }: { trunk: Trunk | null; onClose: () => void }) {
  const { t } = useTranslation("admin");
  return (
    <RecordDrawer<TrunkValues>
      key={trunk?.id ?? "new"}
      title={trunk ? trunk.name : t("trunks.add")}
      initial={trunk ?? FRESH_TRUNK}
      save={(values) =>
        trunk ? trunks.change(trunk.id, toTrunkChange(values)) : trunks.create(toNewTrunk(values))
      }
      onClose={onClose}
    >
      <Form.Item
        name="name"
        label={t("trunks.name")}
        rules={[{ required: true, message: t("form.required") }]}
      >
        <Input maxLength={60} autoFocus={!trunk} placeholder={t("trunks.nameExample")} />
      </Form.Item>
      <TrunkFields hasSecret={trunk?.has_secret ?? false} />
      <Form.Item
        name="is_enabled"
        label={t("trunks.enabled")}
        extra={t("trunks.enabledHint")}
        valuePropName="checked"
      >
        <Switch />
      </Form.Item>
    </RecordDrawer>
  );
}
