import { App, Button, Select, type TableProps, Tag } from "antd";
import { KeyRound, Plus } from "lucide-react";
import { lazy, Suspense, useState } from "react";
import { useTranslation } from "react-i18next";
import { problemText } from "@/api/problem-text";
import { useTimeZone } from "@/api/session";
import { formatInstant } from "@/lib/time";
import { StatusTag } from "@/ui/StatusTag";
import { HandOver } from "../../components/HandOver";
import { RecordLink } from "../../components/RecordLink";
import { useSettingsChanged } from "../../model/queries";
import { useSettingsSearch } from "../../model/useSettingsSearch";
import { IntegrationList } from "../components/IntegrationList";
import { useRightNames } from "../components/useRightNames";
import { type ApiKey, listKeys, revokeKey } from "./api";
import { stateOf } from "./state";

const KeyDrawer = lazy(async () => ({ default: (await import("./KeyDrawer")).KeyDrawer }));

const SHOWN_RIGHTS = 3;

/** The API keys: what other systems call with instead of a login. */
export function ApiKeysPage() {
  const { t } = useTranslation("integrations");
  const zone = useTimeZone();
  const { search, filter, open } = useSettingsSearch();
  const [made, setMade] = useState<{ name: string; key: string } | null>(null);
  const revoke = useRevoke();
  const nameOf = useRightNames();
  const instant = (at: string | null) => (at === null ? "—" : formatInstant(at, zone));
  const columns: NonNullable<TableProps<ApiKey>["columns"]> = [
    {
      key: "name",
      title: t("keys.name"),
      sorter: true,
      render: (_, key) => <RecordLink id={key.id}>{key.name}</RecordLink>,
    },
    { key: "prefix", title: t("keys.prefix"), render: (_, key) => <code>{key.prefix}…</code> },
    {
      key: "rights",
      title: t("keys.rights"),
      render: (_, { rights }) => (
        <span title={rights.map(nameOf).join(t("comma"))}>
          {rights.slice(0, SHOWN_RIGHTS).map((right) => (
            <Tag key={right}>{nameOf(right)}</Tag>
          ))}
          {rights.length > SHOWN_RIGHTS && t("keys.more", { count: rights.length - SHOWN_RIGHTS })}
        </span>
      ),
    },
    {
      key: "state",
      title: t("state"),
      render: (_, key) => {
        const state = stateOf(key, Date.now());
        return (
          <StatusTag tone={state === "active" ? "ready" : "off"} hasDot>
            {t(`keys.states.${state}`)}
          </StatusTag>
        );
      },
    },
    {
      key: "expires_at",
      title: t("keys.expires"),
      sorter: true,
      render: (_, key) => instant(key.expires_at),
    },
    {
      key: "last_used_at",
      title: t("keys.lastUsed"),
      sorter: true,
      render: (_, key) => (
        <span title={key.last_address}>{key.last_used_at ? instant(key.last_used_at) : t("keys.never")}</span>
      ),
    },
    {
      key: "actions",
      title: <span className="visually-hidden">{t("actions")}</span>,
      align: "right",
      render: (_, key) =>
        key.revoked_at === null && (
          <Button
            size="small"
            danger
            aria-label={t("keys.revokeNamed", { name: key.name })}
            onClick={() => revoke(key)}
          >
            {t("keys.revoke")}
          </Button>
        ),
    },
  ];
  return (
    <>
      <IntegrationList<ApiKey>
        noun="keys"
        list={listKeys}
        icon={KeyRound}
        columns={columns}
        words={{
          title: t("keys.title"),
          hint: t("keys.hint"),
          search: t("keys.search"),
          empty: t("keys.empty"),
          emptyHint: t("keys.emptyHint"),
        }}
        filter={search.kind ? { state: search.kind } : {}}
        filters={
          <Select
            aria-label={t("state")}
            style={{ width: 140 }}
            value={search.kind ?? ""}
            onChange={(kind) => filter({ kind })}
            options={[
              { value: "", label: t("keys.states.all") },
              { value: "active", label: t("keys.states.active") },
              { value: "revoked", label: t("keys.states.revoked") },
            ]}
          />
        }
        action={
          <Button type="primary" icon={<Plus size={16} />} onClick={() => open("new")}>
            {t("keys.add")}
          </Button>
        }
      >
        {(rows) => {
          const opened = rows.find((key) => String(key.id) === search.open) ?? null;
          if (search.open !== "new" && opened === null) return null;
          return (
            <Suspense>
              <KeyDrawer apiKey={opened} onClose={() => open(null)} onMade={setMade} />
            </Suspense>
          );
        }}
      </IntegrationList>
      {made && (
        <HandOver
          title={t("keys.madeTitle", { name: made.name })}
          hint={t("keys.madeHint")}
          lines={[
            { label: t("keys.key"), value: made.key },
            { label: t("keys.header"), value: `Authorization: Bearer ${made.key}` },
          ]}
          onClose={() => setMade(null)}
        />
      )}
    </>
  );
}

/** Ask, then end a key for good. */
function useRevoke(): (key: ApiKey) => void {
  const { t } = useTranslation("integrations");
  const { message, modal } = App.useApp();
  const changed = useSettingsChanged();
  return (key) =>
    modal.confirm({
      title: t("keys.revokeSure", { name: key.name }),
      content: t("keys.revokeHint"),
      okText: t("keys.revoke"),
      okButtonProps: { danger: true },
      cancelText: t("keep"),
      autoFocusButton: "cancel",
      onOk: async () => {
        try {
          await revokeKey(key.id);
          message.success(t("keys.revoked", { name: key.name }));
        } catch (error) {
          message.error(problemText(error));
        }
        await changed();
      },
    });
}
