import { Button, type TableProps } from "antd";
import { Inbox, Plus } from "lucide-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { StatusTag } from "@/ui/StatusTag";
import { CopyButton } from "../../components/CopyButton";
import { HandOver } from "../../components/HandOver";
import { RecordLink } from "../../components/RecordLink";
import { RowActions } from "../../components/RowActions";
import { useSettingsSearch } from "../../model/useSettingsSearch";
import { IntegrationList } from "../components/IntegrationList";
import { type Inbound, type InboundMade, listInbound, removeInbound } from "./api";
import { InboundCallsDrawer } from "./InboundCallsDrawer";
import { InboundDrawer } from "./InboundDrawer";

const addressOf = ({ path }: Inbound) => `${location.origin}${path}`;

/** The addresses at which other systems tell us something, and what came in there. */
export function InboundPage() {
  const { t } = useTranslation("integrations");
  const { search, open } = useSettingsSearch();
  const [made, setMade] = useState<InboundMade | null>(null);
  const columns: NonNullable<TableProps<Inbound>["columns"]> = [
    {
      key: "name",
      title: t("inbound.name"),
      sorter: true,
      render: (_, row) => <RecordLink id={row.id}>{row.name}</RecordLink>,
    },
    {
      key: "path",
      title: t("inbound.address"),
      render: (_, row) => (
        <span style={{ display: "inline-flex", alignItems: "center", gap: 4 }}>
          <code>{`…${row.path.slice(-8)}`}</code>
          <CopyButton text={addressOf(row)} name={t("inbound.addressOf", { name: row.name })} />
        </span>
      ),
    },
    { key: "check_by", title: t("inbound.check"), render: (_, row) => t(`inbound.checks.${row.check_by}`) },
    {
      key: "is_enabled",
      title: t("state"),
      sorter: true,
      render: (_, row) => (
        <StatusTag tone={row.is_enabled ? "ready" : "off"} hasDot>
          {t(row.is_enabled ? "on" : "off")}
        </StatusTag>
      ),
    },
    {
      key: "calls",
      title: t("inbound.calls"),
      render: (_, row) => (
        <Button
          size="small"
          aria-label={t("inbound.callsOf", { name: row.name })}
          onClick={() => open(`calls-${row.id}`)}
        >
          {t("inbound.look")}
        </Button>
      ),
    },
    {
      key: "actions",
      title: <span className="visually-hidden">{t("actions")}</span>,
      align: "right",
      render: (_, row) => (
        <RowActions
          name={row.name}
          hint={t("inbound.removeHint")}
          onEdit={() => open(row.id)}
          onRemove={() => removeInbound(row.id)}
        />
      ),
    },
  ];
  return (
    <>
      <IntegrationList<Inbound>
        noun="inbound"
        list={listInbound}
        icon={Inbox}
        columns={columns}
        words={{
          title: t("inbound.title"),
          hint: t("inbound.hint"),
          search: t("inbound.search"),
          empty: t("inbound.empty"),
          emptyHint: t("inbound.emptyHint"),
        }}
        action={
          <Button type="primary" icon={<Plus size={16} />} onClick={() => open("new")}>
            {t("inbound.add")}
          </Button>
        }
      >
        {(rows) => {
          const opened = rows.find((row) => String(row.id) === search.open) ?? null;
          const looked = rows.find((row) => `calls-${row.id}` === search.open) ?? null;
          if (looked) return <InboundCallsDrawer inbound={looked} onClose={() => open(null)} />;
          if (search.open !== "new" && opened === null) return null;
          return <InboundDrawer inbound={opened} onClose={() => open(null)} onSecret={setMade} />;
        }}
      </IntegrationList>
      {made && (
        <HandOver
          title={t("inbound.secretTitle", { name: made.name })}
          hint={t("inbound.secretHint")}
          lines={[
            { label: t("inbound.address"), value: addressOf(made) },
            { label: t("inbound.secret"), value: made.secret },
          ]}
          onClose={() => setMade(null)}
        />
      )}
    </>
  );
}
