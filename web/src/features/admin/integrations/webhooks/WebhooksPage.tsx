import { Link } from "@tanstack/react-router";
import { Button, type TableProps } from "antd";
import { Plus, ScrollText, Webhook as WebhookIcon } from "lucide-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useTimeZone } from "@/api/session";
import { formatInstant } from "@/lib/time";
import { StatusTag } from "@/ui/StatusTag";
import { HandOver } from "../../components/HandOver";
import { RecordLink } from "../../components/RecordLink";
import { RowActions } from "../../components/RowActions";
import { useSettingsSearch } from "../../model/useSettingsSearch";
import { IntegrationList } from "../components/IntegrationList";
import { listWebhooks, removeWebhook, type Webhook } from "./api";
import { TestButton } from "./TestButton";
import { WebhookDrawer } from "./WebhookDrawer";

/** The addresses of other systems that are told what happens here. */
export function WebhooksPage() {
  const { t } = useTranslation("integrations");
  const zone = useTimeZone();
  const { search, open } = useSettingsSearch();
  const [made, setMade] = useState<{ name: string; secret: string } | null>(null);
  const columns: NonNullable<TableProps<Webhook>["columns"]> = [
    {
      key: "name",
      title: t("webhooks.name"),
      sorter: true,
      render: (_, row) => <RecordLink id={row.id}>{row.name}</RecordLink>,
    },
    { key: "url", title: t("webhooks.url"), sorter: true, render: (_, row) => <code>{row.url}</code> },
    {
      key: "events",
      title: t("webhooks.events"),
      render: (_, row) => (
        <span title={row.events.join(" ")}>{t("webhooks.eventCount", { count: row.events.length })}</span>
      ),
    },
    {
      key: "is_enabled",
      title: t("state"),
      sorter: true,
      render: (_, row) => <WebhookState webhook={row} zone={zone} />,
    },
    { key: "test", title: t("webhooks.works"), render: (_, row) => <TestButton webhook={row} /> },
    {
      key: "actions",
      title: <span className="visually-hidden">{t("actions")}</span>,
      align: "right",
      render: (_, row) => (
        <RowActions
          name={row.name}
          hint={t("webhooks.removeHint")}
          onEdit={() => open(row.id)}
          onRemove={() => removeWebhook(row.id)}
        />
      ),
    },
  ];
  return (
    <>
      <IntegrationList<Webhook>
        noun="webhooks"
        list={listWebhooks}
        icon={WebhookIcon}
        columns={columns}
        words={{
          title: t("webhooks.title"),
          hint: t("webhooks.hint"),
          search: t("webhooks.search"),
          empty: t("webhooks.empty"),
          emptyHint: t("webhooks.emptyHint"),
        }}
        filters={
          <Link to={"/admin/deliveries" as string}>
            <Button icon={<ScrollText size={16} />}>{t("deliveries.title")}</Button>
          </Link>
        }
        action={
          <Button type="primary" icon={<Plus size={16} />} onClick={() => open("new")}>
            {t("webhooks.add")}
          </Button>
        }
      >
        {(rows) => {
          const opened = rows.find((row) => String(row.id) === search.open) ?? null;
          if (search.open !== "new" && opened === null) return null;
          return <WebhookDrawer webhook={opened} onClose={() => open(null)} onSecret={setMade} />;
        }}
      </IntegrationList>
      {made && (
        <HandOver
          title={t("webhooks.secretTitle", { name: made.name })}
          hint={t("webhooks.secretHint")}
          lines={[{ label: t("webhooks.secret"), value: made.secret }]}
          onClose={() => setMade(null)}
        />
      )}
    </>
  );
}

function WebhookState({ webhook, zone }: { webhook: Webhook; zone: string }) {
  const { t } = useTranslation("integrations");
  if (!webhook.is_enabled)
    return (
      <StatusTag tone="off" hasDot>
        {webhook.disabled_why ? t(`webhooks.disabled.${webhook.disabled_why}`) : t("off")}
      </StatusTag>
    );
  if (webhook.failing_since !== null)
    return (
      <StatusTag tone="break" hasDot>
        {t("webhooks.failing", { time: formatInstant(webhook.failing_since, zone) })}
      </StatusTag>
    );
  return (
    <StatusTag tone="ready" hasDot>
      {t("on")}
    </StatusTag>
  );
}
