import { Link } from "@tanstack/react-router";
import { Select, type TableProps } from "antd";
import { MessageSquare } from "lucide-react";
import { useTranslation } from "react-i18next";
import { useTimeZone } from "@/api/session";
import { formatInstant } from "@/lib/time";
import { StatusTag, type Tone } from "@/ui/StatusTag";
import { IntegrationList } from "../integrations/components/IntegrationList";
import { useSettingsSearch } from "../model/useSettingsSearch";
import { type FlowMessage, listMessages } from "./api";

const TONES: Record<FlowMessage["state"], Tone> = {
  waiting: "ring",
  sent: "ready",
  failed: "break",
  erased: "off",
};
const STATES = Object.keys(TONES) as FlowMessage["state"][];

/** What flows had sent, and what came of it. */
export function MessagesPage() {
  const { t } = useTranslation("external-services");
  const zone = useTimeZone();
  const { search, filter } = useSettingsSearch();
  const columns: NonNullable<TableProps<FlowMessage>["columns"]> = [
    {
      key: "ordered_at",
      title: t("messages.orderedAt"),
      sorter: true,
      render: (_, row) => formatInstant(row.ordered_at, zone),
    },
    {
      key: "service",
      title: t("messages.service"),
      render: (_, row) => row.service_name || t("messages.gone"),
    },
    {
      key: "state",
      title: t("messages.state"),
      sorter: true,
      render: (_, row) => (
        <StatusTag tone={TONES[row.state]} hasDot>
          {t(`messages.states.${row.state}`)}
        </StatusTag>
      ),
    },
    { key: "tries", title: t("messages.tries"), sorter: true, dataIndex: "tries", className: "numbers" },
    {
      key: "cause",
      title: t("messages.cause"),
      render: (_, row) => row.cause && t(`causes.${row.cause as "late"}`, { defaultValue: row.cause }),
    },
    {
      key: "contact",
      title: t("messages.contact"),
      render: (_, row) => <Link to={`/interactions/${row.interaction}` as string}>{t("messages.open")}</Link>,
    },
  ];
  return (
    <IntegrationList<FlowMessage>
      noun="flow-messages"
      list={listMessages}
      icon={MessageSquare}
      columns={columns}
      words={{
        title: t("messages.title"),
        hint: t("messages.hint"),
        search: t("messages.search"),
        empty: t("messages.empty"),
        emptyHint: t("messages.emptyHint"),
      }}
      filter={search.kind ? { state: search.kind } : {}}
      filters={
        <Select
          aria-label={t("messages.state")}
          style={{ width: 140 }}
          value={search.kind ?? ""}
          onChange={(kind) => filter({ kind })}
          options={[
            { value: "", label: t("messages.states.all") },
            ...STATES.map((state) => ({ value: state, label: t(`messages.states.${state}`) })),
          ]}
        />
      }
    />
  );
}
