import { Link } from "@tanstack/react-router";
import { Button, type TableProps } from "antd";
import { Plug, Plus, ScrollText } from "lucide-react";
import { useTranslation } from "react-i18next";
import { useTimeZone } from "@/api/session";
import { formatInstant } from "@/lib/time";
import { StatusTag } from "@/ui/StatusTag";
import { RecordLink } from "../../components/RecordLink";
import { RowActions } from "../../components/RowActions";
import { useSettingsSearch } from "../../model/useSettingsSearch";
import { IntegrationList } from "../components/IntegrationList";
import { type Connector, listConnectors, removeConnector } from "./api";
import { ConnectorDrawer } from "./ConnectorDrawer";
import { TestConnectorButton } from "./TestConnectorButton";
import { useFaultText } from "./useFaultText";

/** Other systems that hold customers: told of contacts, asked for customers. */
export function ConnectorsPage() {
  const { t } = useTranslation("integrations");
  const zone = useTimeZone();
  const { search, open } = useSettingsSearch();
  const columns: NonNullable<TableProps<Connector>["columns"]> = [
    {
      key: "name",
      title: t("connectors.name"),
      sorter: true,
      render: (_, row) => <RecordLink id={row.id}>{row.name}</RecordLink>,
    },
    { key: "url", title: t("connectors.url"), sorter: true, render: (_, row) => <code>{row.url}</code> },
    {
      key: "does",
      title: t("connectors.does"),
      render: (_, row) =>
        [row.pushes_contacts && t("connectors.pushes"), row.pulls_customers && t("connectors.pulls")]
          .filter(Boolean)
          .join(t("comma")),
    },
    {
      key: "is_enabled",
      title: t("state"),
      sorter: true,
      render: (_, row) => <ConnectorState connector={row} />,
    },
    {
      key: "succeeded_at",
      title: t("connectors.succeeded"),
      sorter: true,
      render: (_, row) => (row.succeeded_at ? formatInstant(row.succeeded_at, zone) : t("connectors.notYet")),
    },
    {
      key: "test",
      title: t("connectors.works"),
      render: (_, row) => <TestConnectorButton connector={row} />,
    },
    {
      key: "actions",
      title: <span className="visually-hidden">{t("actions")}</span>,
      align: "right",
      render: (_, row) => (
        <RowActions
          name={row.name}
          hint={t("connectors.removeHint")}
          onEdit={() => open(row.id)}
          onRemove={() => removeConnector(row.id)}
        />
      ),
    },
  ];
  return (
    <IntegrationList<Connector>
      noun="connectors"
      list={listConnectors}
      icon={Plug}
      columns={columns}
      words={{
        title: t("connectors.title"),
        hint: t("connectors.hint"),
        search: t("connectors.search"),
        empty: t("connectors.empty"),
        emptyHint: t("connectors.emptyHint"),
      }}
      filters={
        <Link to={"/admin/connector-tasks" as string}>
          <Button icon={<ScrollText size={16} />}>{t("tasks.title")}</Button>
        </Link>
      }
      action={
        <Button type="primary" icon={<Plus size={16} />} onClick={() => open("new")}>
          {t("connectors.add")}
        </Button>
      }
    >
      {(rows) => {
        const opened = rows.find((row) => String(row.id) === search.open) ?? null;
        if (search.open !== "new" && opened === null) return null;
        return <ConnectorDrawer connector={opened} onClose={() => open(null)} />;
      }}
    </IntegrationList>
  );
}

function ConnectorState({ connector }: { connector: Connector }) {
  const { t } = useTranslation("integrations");
  const faultText = useFaultText();
  if (!connector.is_enabled)
    return (
      <StatusTag tone={connector.disabled_why ? "break" : "off"} hasDot>
        {connector.disabled_why ? t(`connectors.disabled.${connector.disabled_why}`) : t("off")}
      </StatusTag>
    );
  if (connector.failing_since !== null)
    return (
      <StatusTag tone="break" hasDot>
        {faultText(connector.last_fault)}
      </StatusTag>
    );
  return (
    <StatusTag tone="ready" hasDot>
      {t("on")}
    </StatusTag>
  );
}
