import { Button, type TableProps } from "antd";
import { GitCompareArrows, Plus } from "lucide-react";
import { lazy, Suspense } from "react";
import { useTranslation } from "react-i18next";
import { useTimeZone } from "@/api/session";
import { formatInstant } from "@/lib/time";
import { RecordLink } from "../components/RecordLink";
import { IntegrationList } from "../integrations/components/IntegrationList";
import { useSettingsSearch } from "../model/useSettingsSearch";
import { listTrials, type RuleTrial } from "./api";
import { TrialStateTag } from "./TrialStateTag";

const TrialForm = lazy(async () => ({ default: (await import("./TrialForm")).TrialForm }));
const TrialDrawer = lazy(async () => ({ default: (await import("./TrialDrawer")).TrialDrawer }));

/** Drafts of the router's rules: asked in shadow, tried on a share of the contacts, adopted or dropped. */
export function RuleTrialsPage() {
  const { t } = useTranslation("rule-trials");
  const zone = useTimeZone();
  const { search, open } = useSettingsSearch();
  const instant = (at: string | null) => (at ? formatInstant(at, zone) : "");
  const columns: NonNullable<TableProps<RuleTrial>["columns"]> = [
    {
      key: "name",
      title: t("column.name"),
      sorter: true,
      render: (_, row) => <RecordLink id={row.id}>{row.name}</RecordLink>,
    },
    {
      key: "state",
      title: t("column.state"),
      sorter: true,
      render: (_, row) => <TrialStateTag trial={row} />,
    },
    { key: "owner_name", title: t("column.owner"), dataIndex: "owner_name" },
    {
      key: "shadow_began_at",
      title: t("column.shadow"),
      sorter: true,
      render: (_, row) => instant(row.shadow_began_at),
    },
    {
      key: "canary_began_at",
      title: t("column.canary"),
      sorter: true,
      render: (_, row) => instant(row.canary_began_at),
    },
    {
      key: "ended_at",
      title: t("column.ended"),
      sorter: true,
      render: (_, row) => instant(row.ended_at),
    },
  ];
  return (
    <IntegrationList<RuleTrial>
      noun="rule-trials"
      list={listTrials}
      icon={GitCompareArrows}
      columns={columns}
      words={{
        title: t("title"),
        hint: t("hint"),
        search: t("search"),
        empty: t("empty"),
        emptyHint: t("emptyHint"),
      }}
      action={
        <Button type="primary" icon={<Plus size={16} />} onClick={() => open("new")}>
          {t("add")}
        </Button>
      }
    >
      {(rows) => {
        if (search.open === undefined) return null;
        const id = Number(search.open.replace("edit-", ""));
        const opened = rows.find((row) => row.id === id) ?? null;
        if (search.open === "new" || (opened && search.open.startsWith("edit-")))
          return (
            <Suspense>
              <TrialForm trial={opened} onClose={() => open(opened?.id ?? null)} />
            </Suspense>
          );
        return (
          <Suspense>
            <TrialDrawer id={id} onEdit={() => open(`edit-${id}`)} onClose={() => open(null)} />
          </Suspense>
        );
      }}
    </IntegrationList>
  );
}
