import { useQuery } from "@tanstack/react-query";
import { useNavigate, useSearch } from "@tanstack/react-router";
import { Select } from "antd";
import { lazy, Suspense } from "react";
import { useTranslation } from "react-i18next";
import { useRight, useTimeZone } from "@/api/session";
import { useServerNow } from "@/live/useServerNow";
import { DayRange } from "@/ui/DayRange";
import { FilterBar } from "@/ui/FilterBar";
import { compact } from "@/ui/list-search";
import { Card, Page } from "@/ui/Page";
import { PageHeader } from "@/ui/PageHeader";
import { type Tab, TabStrip } from "@/ui/TabStrip";
import { FailureTable } from "../components/FailureTable";
import { HourTable } from "../components/HourTable";
import { NodeTable } from "../components/NodeTable";
import { StatusView } from "../components/StatusView";
import { ivrNamesQuery, toFailuresQuery, toHoursQuery, toNodesQuery } from "../model/queries";
import { FAILED, type IvrSearch } from "../model/search";

const ExportButton = lazy(async () => ({ default: (await import("@/ui/ExportButton")).ExportButton }));
const WaysDrawer = lazy(async () => ({ default: (await import("../components/WaysDrawer")).WaysDrawer }));

type View = NonNullable<IvrSearch["view"]>;

/** IVR话务: what came of callers at each step of the flows, by hour, and what failed. */
export function IvrPage() {
  const { t } = useTranslation("ivr");
  const search = useSearch({ from: "/shell/ivr" });
  const navigate = useNavigate();
  const seesNow = useRight("live.read");
  const first: View = seesNow ? "status" : "nodes";
  const view = search.view ?? first;
  const change = (changes: IvrSearch) =>
    void navigate({ to: "/ivr", search: compact({ ...search, ...changes }), replace: true });
  const filter = (changes: IvrSearch) => change({ ...changes, page: undefined });
  const show = (key: string) =>
    change({
      view: key === first ? undefined : (key as View),
      page: undefined,
      sort: undefined,
      search: undefined,
      what: undefined,
      service: undefined,
    });
  const tab = (key: View, content: React.ReactNode) => ({
    key,
    label: t(`tab.${key}`),
    content: <Card>{content}</Card>,
  });
  const now = {
    key: "status",
    label: t("tab.status"),
    content: <StatusView search={search} onChange={change} />,
  };
  const report: [Tab, ...Tab[]] = [
    tab("nodes", <NodeTable search={search} onChange={change} />),
    tab("hours", <HourTable search={search} onChange={change} />),
    tab("failures", <FailureTable search={search} onChange={change} />),
  ];
  return (
    <Page>
      <PageHeader
        title={t("title")}
        hint={t(`hint.${view}`)}
        actions={<Export search={search} view={view} />}
      />
      {view !== "status" && <Filters search={search} view={view} onFilter={filter} />}
      <TabStrip label={t("title")} shown={view} onShow={show} tabs={seesNow ? [now, ...report] : report} />
      {search.node && search.flow && (
        <Suspense>
          <WaysDrawer
            search={search}
            flow={search.flow}
            node={search.node}
            onClose={() => change({ node: undefined })}
          />
        </Suspense>
      )}
    </Page>
  );
}

function Export({ search, view }: { search: IvrSearch; view: View }) {
  const zone = useTimeZone();
  const query = {
    status: {},
    nodes: toNodesQuery(search),
    hours: toHoursQuery(search),
    failures: toFailuresQuery(search, zone),
  }[view];
  if (view === "status") return null;
  return (
    <Suspense fallback={null}>
      <ExportButton path={`/api/flow-traffic/${view}`} query={query} />
    </Suspense>
  );
}

interface FiltersProps {
  search: IvrSearch;
  view: Exclude<View, "status">;
  onFilter: (changes: IvrSearch) => void;
}

function Filters({ search, view, onFilter }: FiltersProps) {
  const { t } = useTranslation("ivr");
  const zone = useTimeZone();
  const now_ms = useServerNow();
  const known = useQuery(ivrNamesQuery).data;
  const flows = known?.items ?? [];
  return (
    <FilterBar
      search={search.search ?? ""}
      onSearch={(text) => onFilter({ search: text || undefined })}
      placeholder={t(`search.${view}`)}
    >
      <DayRange from={search.from} to={search.to} now_ms={now_ms} timeZone={zone} onChange={onFilter} />
      <Select
        value={search.flow ?? null}
        onChange={(flow) => onFilter({ flow: flow ?? undefined })}
        options={flows.map((flow) => ({ value: flow.id, label: flow.name }))}
        placeholder={t("flow")}
        aria-label={t("flow")}
        allowClear
        showSearch={{ optionFilterProp: "label" }}
        style={{ width: 180 }}
      />
      {view === "failures" && (
        <Select
          value={search.what ?? null}
          onChange={(what) => onFilter({ what: what ?? undefined })}
          options={FAILED.map((value) => ({ value, label: t(`what.${value}`) }))}
          placeholder={t("failure.what")}
          aria-label={t("failure.what")}
          allowClear
          style={{ width: 150 }}
        />
      )}
      {view === "failures" && (
        <Select
          value={search.service ?? null}
          onChange={(service) => onFilter({ service: service ?? undefined })}
          options={(known?.services ?? []).map(({ id, name }) => ({ value: id, label: name }))}
          placeholder={t("failure.service")}
          aria-label={t("failure.service")}
          allowClear
          showSearch={{ optionFilterProp: "label" }}
          style={{ width: 180 }}
        />
      )}
    </FilterBar>
  );
}
