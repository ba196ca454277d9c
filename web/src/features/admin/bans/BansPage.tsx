import { queryOptions, useQuery, useQueryClient } from "@tanstack/react-query";
import { App, Button, Table, type TableProps } from "antd";
import { ShieldBan } from "lucide-react";
import { useTranslation } from "react-i18next";
import { api, bodyOf, type Schema } from "@/api/client";
import { problemText } from "@/api/problem-text";
import { useTimeZone } from "@/api/session";
import { formatInstant } from "@/lib/time";
import { EmptyState } from "@/ui/EmptyState";
import { ErrorNotice } from "@/ui/ErrorNotice";
import { Card, Page } from "@/ui/Page";
import { PageHeader } from "@/ui/PageHeader";

type Ban = Schema<"BanOut">;

const bansQuery = queryOptions({
  queryKey: ["bans"],
  queryFn: () => bodyOf(api.GET("/api/bans")),
  refetchInterval: 10_000,
});

/** Whose SIP requests are refused now, and letting them in again. */
export function BansPage() {
  const { t } = useTranslation("bans");
  const zone = useTimeZone();
  const bans = useQuery(bansQuery);
  const lift = useLift();
  const columns: NonNullable<TableProps<Ban>["columns"]> = [
    { key: "address", title: t("address"), dataIndex: "address", className: "numbers" },
    {
      key: "account",
      title: t("account"),
      render: (_, ban) => (ban.account === null ? t("everyAccount") : <code>{ban.account}</code>),
    },
    { key: "offence", title: t("offence"), render: (_, ban) => t(`offences.${ban.offence}`) },
    { key: "began_at", title: t("beganAt"), render: (_, ban) => formatInstant(ban.began_at, zone) },
    { key: "ends_at", title: t("endsAt"), render: (_, ban) => formatInstant(ban.ends_at, zone) },
    { key: "times", title: t("times"), dataIndex: "times", className: "numbers" },
    {
      key: "actions",
      title: <span className="visually-hidden">{t("actions")}</span>,
      align: "right",
      render: (_, ban) => (
        <Button size="small" aria-label={t("liftNamed", { address: ban.address })} onClick={() => lift(ban)}>
          {t("lift")}
        </Button>
      ),
    },
  ];
  return (
    <Page>
      <PageHeader title={t("title")} hint={t("hint")} />
      <Card>
        {bans.error ? (
          <ErrorNotice error={bans.error} onRetry={() => void bans.refetch()} />
        ) : (
          <Table<Ban>
            aria-label={t("title")}
            size="middle"
            rowKey="id"
            columns={columns}
            dataSource={bans.data?.items ?? []}
            loading={bans.isPending}
            pagination={false}
            scroll={{ x: "max-content" }}
            locale={{
              emptyText: <EmptyState icon={ShieldBan} title={t("empty")} hint={t("emptyHint")} />,
            }}
          />
        )}
      </Card>
    </Page>
  );
}

/** Ask, then lift a ban; the list shows the outcome. */
function useLift(): (ban: Ban) => void {
  const { t } = useTranslation("bans");
  const { message, modal } = App.useApp();
  const client = useQueryClient();
  return (ban) =>
    modal.confirm({
      title: t("liftSure", { address: ban.address }),
      content: t("liftHint"),
      okText: t("yes"),
      cancelText: t("no"),
      onOk: async () => {
        try {
          await bodyOf(api.DELETE("/api/bans/{ban_id}", { params: { path: { ban_id: ban.id } } }));
          message.success(t("lifted", { address: ban.address }));
        } catch (error) {
          message.error(problemText(error));
        }
        await client.invalidateQueries({ queryKey: bansQuery.queryKey });
      },
    });
}
