import { useNavigate, useSearch } from "@tanstack/react-router";
import { Checkbox, Select } from "antd";
import { lazy, Suspense } from "react";
import { useTranslation } from "react-i18next";
import { useRight, useTimeZone } from "@/api/session";
import { localName } from "@/lib/names";
import { useLive } from "@/live/store";
import { useServerNow } from "@/live/useServerNow";
import { DayRange } from "@/ui/DayRange";
import { FilterBar } from "@/ui/FilterBar";
import { compact } from "@/ui/list-search";
import { Page } from "@/ui/Page";
import { PageHeader } from "@/ui/PageHeader";
import { TabStrip } from "@/ui/TabStrip";
import { Answers } from "../components/Answers";
import { Scores } from "../components/Scores";
import { toAnswersQuery } from "../model/queries";
import type { SurveysSearch } from "../model/search";

const ExportButton = lazy(async () => ({ default: (await import("@/ui/ExportButton")).ExportButton }));

/** How satisfied customers are: what the answers come to, and the answers one by one. */
export function SurveysPage() {
  const { t } = useTranslation("surveys");
  const search = useSearch({ from: "/shell/surveys" });
  const navigate = useNavigate();
  const zone = useTimeZone();
  const seesFigures = useRight("figures.read");
  const view = seesFigures ? (search.view ?? "figures") : "answers";
  const change = (changes: SurveysSearch) =>
    void navigate({ to: "/surveys", search: compact({ ...search, ...changes }), replace: true });
  const filter = (changes: SurveysSearch) => change({ ...changes, page: undefined });
  const { page: _page, size: _size, sort: _sort, view: _view, by: _by, ...filters } = search;
  const answers = (
    <Answers
      search={search}
      isFiltered={Object.keys(filters).length > 0}
      onChange={change}
      onClear={() => void navigate({ to: "/surveys", search: { view: "answers" } })}
    />
  );
  return (
    <Page>
      <PageHeader
        title={t("title")}
        hint={t("hint")}
        actions={
          <Suspense fallback={null}>
            <ExportButton
              path="/api/surveys/answers"
              query={toAnswersQuery(search, zone)}
              right="interactions.export"
            />
          </Suspense>
        }
      />
      <Filters search={search} view={view} onFilter={filter} />
      {seesFigures ? (
        <TabStrip
          label={t("title")}
          shown={view}
          onShow={(key) => change({ view: key === "answers" ? "answers" : undefined })}
          tabs={[
            {
              key: "figures",
              label: t("tab.figures"),
              content: <Scores search={search} onGroup={(by) => change({ by })} />,
            },
            { key: "answers", label: t("tab.answers"), content: answers },
          ]}
        />
      ) : (
        answers
      )}
    </Page>
  );
}

interface FiltersProps {
  search: SurveysSearch;
  view: "figures" | "answers";
  onFilter: (changes: SurveysSearch) => void;
}

function Filters({ search, view, onFilter }: FiltersProps) {
  const { t, i18n } = useTranslation("surveys");
  const zone = useTimeZone();
  const now_ms = useServerNow();
  const queues = useLive((state) => state.queues);
  const range = (
    <DayRange from={search.from} to={search.to} now_ms={now_ms} timeZone={zone} onChange={onFilter} />
  );
  if (view === "figures") return <p style={{ marginBottom: 12 }}>{range}</p>;
  return (
    <FilterBar
      search={search.search ?? ""}
      onSearch={(text) => onFilter({ search: text || undefined })}
      placeholder={t("search")}
    >
      {range}
      <Select
        value={search.queue ?? null}
        onChange={(queue) => onFilter({ queue: queue ?? undefined })}
        options={queues.map((queue) => ({ value: queue.id, label: localName(queue, i18n.language) }))}
        placeholder={t("group.queue")}
        aria-label={t("group.queue")}
        allowClear
        showSearch={{ optionFilterProp: "label" }}
        style={{ width: 150 }}
      />
      <Checkbox
        style={{ alignSelf: "center" }}
        checked={search.low ?? false}
        onChange={({ target }) => onFilter({ low: target.checked ? true : undefined })}
      >
        {t("lowOnly")}
      </Checkbox>
    </FilterBar>
  );
}
