import { useQuery } from "@tanstack/react-query";
import { App, Button, Descriptions, Drawer, Select, type TableProps } from "antd";
import { Send } from "lucide-react";
import { useTranslation } from "react-i18next";
import { problemText } from "@/api/problem-text";
import { useTimeZone } from "@/api/session";
import { formatInstant } from "@/lib/time";
import { ErrorNotice } from "@/ui/ErrorNotice";
import { StatusTag, type Tone } from "@/ui/StatusTag";
import { RecordLink } from "../../components/RecordLink";
import { useSettingsChanged } from "../../model/queries";
import { useSettingsSearch } from "../../model/useSettingsSearch";
import { IntegrationList } from "../components/IntegrationList";
import { type Delivery, type DeliveryState, deliveryQuery, listDeliveries, resendDelivery } from "./api";

const TONES: Record<DeliveryState, Tone> = {
  waiting: "ring",
  delivered: "ready",
  failed: "break",
  dropped: "off",
};
const STATES = Object.keys(TONES) as DeliveryState[];

/** What was sent to webhooks, and what came of it. */
export function DeliveriesPage() {
  const { t } = useTranslation("integrations");
  const zone = useTimeZone();
  const { search, filter, open } = useSettingsSearch();
  const columns: NonNullable<TableProps<Delivery>["columns"]> = [
    {
      key: "at",
      title: t("deliveries.at"),
      sorter: true,
      render: (_, row) => <RecordLink id={row.id}>{formatInstant(row.at, zone)}</RecordLink>,
    },
    { key: "webhook", title: t("deliveries.webhook"), dataIndex: "webhook_name" },
    { key: "type", title: t("deliveries.event"), sorter: true, render: (_, row) => <code>{row.type}</code> },
    {
      key: "subject",
      title: t("deliveries.subject"),
      render: (_, row) => `${row.subject_kind} ${row.subject_id}`,
    },
    {
      key: "state",
      title: t("state"),
      sorter: true,
      render: (_, row) => (
        <StatusTag tone={TONES[row.state]} hasDot>
          {t(`deliveries.states.${row.state}`)}
        </StatusTag>
      ),
    },
    { key: "last_status", title: t("deliveries.answer"), sorter: true, dataIndex: "last_status" },
    { key: "tries", title: t("deliveries.tries"), dataIndex: "tries_made" },
  ];
  return (
    <IntegrationList<Delivery>
      noun="webhooks/deliveries"
      list={listDeliveries}
      icon={Send}
      columns={columns}
      words={{
        title: t("deliveries.title"),
        hint: t("deliveries.hint"),
        search: t("deliveries.search"),
        empty: t("deliveries.empty"),
        emptyHint: t("deliveries.emptyHint"),
      }}
      filter={search.kind ? { state: search.kind } : {}}
      filters={
        <Select
          aria-label={t("state")}
          style={{ width: 140 }}
          value={search.kind ?? ""}
          onChange={(kind) => filter({ kind })}
          options={[
            { value: "", label: t("deliveries.states.all") },
            ...STATES.map((state) => ({ value: state, label: t(`deliveries.states.${state}`) })),
          ]}
        />
      }
    >
      {() =>
        search.open !== undefined && /^\d+$/.test(search.open) ? (
          <DeliveryDrawer id={Number(search.open)} zone={zone} onClose={() => open(null)} />
        ) : null
      }
    </IntegrationList>
  );
}

/** One delivery: what was sent, each try, the last answer. */
function DeliveryDrawer({ id, zone, onClose }: { id: number; zone: string; onClose: () => void }) {
  const { t } = useTranslation("integrations");
  const { message } = App.useApp();
  const changed = useSettingsChanged();
  const delivery = useQuery(deliveryQuery(id));
  const resend = async () => {
    try {
      await resendDelivery(id);
      message.success(t("deliveries.resent"));
    } catch (error) {
      message.error(problemText(error));
    }
    await changed();
  };
  const row = delivery.data;
  return (
    <Drawer
      open
      size={640}
      title={row ? `${row.type} → ${row.webhook_name}` : t("deliveries.title")}
      onClose={onClose}
      extra={row && <Button onClick={() => void resend()}>{t("deliveries.resend")}</Button>}
    >
      {delivery.error && <ErrorNotice error={delivery.error} onRetry={() => void delivery.refetch()} />}
      {row && (
        <>
          <Descriptions
            column={1}
            size="small"
            items={[
              { key: "id", label: t("deliveries.id"), children: <code>{row.event_id}</code> },
              { key: "state", label: t("state"), children: t(`deliveries.states.${row.state}`) },
              ...(row.due_at
                ? [{ key: "due", label: t("deliveries.due"), children: formatInstant(row.due_at, zone) }]
                : []),
              ...row.tries.map((each, position) => ({
                key: `try-${each.at}`,
                label: t("deliveries.try", { count: position + 1 }),
                children: `${formatInstant(each.at, zone)} · ${
                  each.status ?? t(`errors.${each.error as "late"}`, { defaultValue: each.error })
                } · ${each.duration_ms} ms`,
              })),
            ]}
          />
          <h3>{t("deliveries.sent")}</h3>
          <pre style={{ whiteSpace: "pre-wrap", overflowWrap: "anywhere" }}>
            {row.body || t("deliveries.notYet")}
          </pre>
          <h3>{t("deliveries.lastAnswer")}</h3>
          <pre style={{ whiteSpace: "pre-wrap", overflowWrap: "anywhere" }}>{row.answer || "—"}</pre>
        </>
      )}
    </Drawer>
  );
}
