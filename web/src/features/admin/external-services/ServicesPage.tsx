import { Link } from "@tanstack/react-router";
import { Button, Dropdown, Select, type TableProps } from "antd";
import { Plus, ScrollText, Unplug } from "lucide-react";
import { useTranslation } from "react-i18next";
import { StatusTag } from "@/ui/StatusTag";
import { RecordLink } from "../components/RecordLink";
import { RowActions } from "../components/RowActions";
import { IntegrationList } from "../integrations/components/IntegrationList";
import { useSettingsSearch } from "../model/useSettingsSearch";
import { type ExternalService, KINDS, listServices, removeService, type ServiceKind } from "./api";
import { ServiceDrawer } from "./ServiceDrawer";
import { TryButton } from "./TryButton";

/** Other systems that flows may ask, and by whom messages are sent. */
export function ServicesPage() {
  const { t } = useTranslation("external-services");
  const { search, filter, open } = useSettingsSearch();
  const columns: NonNullable<TableProps<ExternalService>["columns"]> = [
    {
      key: "name",
      title: t("name"),
      sorter: true,
      render: (_, row) => <RecordLink id={row.id}>{row.name}</RecordLink>,
    },
    { key: "kind", title: t("kind"), sorter: true, render: (_, row) => t(`kinds.${row.kind}.name`) },
    { key: "address", title: t("address"), render: (_, row) => <code>{addressOf(row)}</code> },
    {
      key: "is_enabled",
      title: t("enabled"),
      sorter: true,
      render: (_, { is_enabled }) => (
        <StatusTag tone={is_enabled ? "ready" : "off"} hasDot>
          {t(is_enabled ? "on" : "off")}
        </StatusTag>
      ),
    },
    { key: "try", title: t("try.title"), render: (_, row) => <TryButton service={row} /> },
    {
      key: "actions",
      title: <span className="visually-hidden">{t("actions")}</span>,
      align: "right",
      render: (_, row) => (
        <RowActions
          name={row.name}
          hint={t("removeHint")}
          onEdit={() => open(row.id)}
          onRemove={() => removeService(row.id)}
        />
      ),
    },
  ];
  return (
    <IntegrationList<ExternalService>
      noun="external-services"
      list={listServices}
      icon={Unplug}
      columns={columns}
      words={{
        title: t("title"),
        hint: t("hint"),
        search: t("search"),
        empty: t("empty"),
        emptyHint: t("emptyHint"),
      }}
      filter={search.kind ? { kind: search.kind } : {}}
      filters={
        <>
          <Select
            aria-label={t("kind")}
            style={{ width: 160 }}
            value={search.kind ?? ""}
            onChange={(kind) => filter({ kind })}
            options={[
              { value: "", label: t("allKinds") },
              ...KINDS.map((kind) => ({ value: kind, label: t(`kinds.${kind}.name`) })),
            ]}
          />
          <Link to={"/admin/flow-messages" as string}>
            <Button icon={<ScrollText size={16} />}>{t("messages.title")}</Button>
          </Link>
        </>
      }
      action={
        <Dropdown
          trigger={["click"]}
          menu={{
            items: KINDS.map((kind) => ({ key: kind, label: t(`kinds.${kind}.name`) })),
            onClick: ({ key }) => open(`new-${key}`),
          }}
        >
          <Button type="primary" icon={<Plus size={16} />}>
            {t("add")}
          </Button>
        </Dropdown>
      }
    >
      {(rows) => {
        const fresh = KINDS.find((kind) => search.open === `new-${kind}`);
        const opened = rows.find((row) => String(row.id) === search.open) ?? null;
        const kind: ServiceKind | undefined = fresh ?? opened?.kind;
        if (kind === undefined) return null;
        return <ServiceDrawer key={search.open} kind={kind} service={opened} onClose={() => open(null)} />;
      }}
    </IntegrationList>
  );
}

function addressOf({ settings }: ExternalService): string {
  if ("base_url" in settings) return settings.base_url;
  return `${settings.host}:${settings.port}`;
}
