import { useQuery } from "@tanstack/react-query";
import { useNavigate, useSearch } from "@tanstack/react-router";
import { Button, Checkbox, Select } from "antd";
import { AudioLines } from "lucide-react";
import { lazy, Suspense } from "react";
import { useTranslation } from "react-i18next";
import { useReachesOthers, useTimeZone } from "@/api/session";
import { DataTable } from "@/ui/DataTable";
import { EmptyState } from "@/ui/EmptyState";
import { FilterBar } from "@/ui/FilterBar";
import { compact, fromListState, toListState } from "@/ui/list-search";
import { Card, Page } from "@/ui/Page";
import { PageHeader } from "@/ui/PageHeader";
import { ContactFilters } from "../components/ContactFilters";
import { useRecordingColumns } from "../components/useRecordingColumns";
import { recordingsQuery, toRecordingsQuery } from "../model/queries";
import { type RecordingsSearch, recordingStates } from "../model/search";

const ExportButton = lazy(async () => ({ default: (await import("@/ui/ExportButton")).ExportButton }));
const PlayerDock = lazy(async () => ({ default: (await import("../components/PlayerDock")).PlayerDock }));

const LENGTHS_S = [30, 60, 180, 600] as const;

/** All recordings that the reader may hear: find one, listen to it below the list, go to its contact. */
export function RecordingsPage() {
  const { t } = useTranslation(["recordings", "ui"]);
  const search = useSearch({ from: "/shell/recordings" });
  const navigate = useNavigate();
  const zone = useTimeZone();
  const seesAll = useReachesOthers("recordings.read");
  const query = toRecordingsQuery(search, zone);
  const { data, error, isPending, refetch } = useQuery(recordingsQuery(query));
  const change = (changes: RecordingsSearch) =>
    void navigate({ to: "/recordings", search: compact({ ...search, ...changes }), replace: true });
  const filter = (changes: RecordingsSearch) => change({ ...changes, page: undefined });
  const columns = useRecordingColumns(search.play, (play) => change({ play }));
  const { page: _page, size: _size, sort: _sort, play: _play, ...filters } = search;
  const isFiltered = Object.keys(filters).length > 0;

  return (
    <Page>
      <PageHeader
        title={t("title")}
        hint={seesAll ? t("hint") : t("hintOwn")}
        actions={
          <Suspense fallback={null}>
            <ExportButton path="/api/recordings" query={query} right="interactions.export" />
          </Suspense>
        }
      />
      <Card>
        <FilterBar
          views="recordings"
          search={search.search ?? ""}
          onSearch={(text) => filter({ search: text || undefined })}
          placeholder={t("search")}
        >
          <ContactFilters filter={search} onFilter={filter} hasAgents={seesAll} />
          <Select
            value={search.min_s ?? null}
            onChange={(min_s) => filter({ min_s: min_s ?? undefined })}
            options={LENGTHS_S.map((value) => ({ value, label: t("filter.atLeast", { count: value }) }))}
            placeholder={t("filter.duration")}
            aria-label={t("filter.duration")}
            allowClear
            style={{ width: 130 }}
          />
          <Select
            value={search.state ?? null}
            onChange={(state) => filter({ state: state ?? undefined })}
            options={recordingStates.map((value) => ({ value, label: t(`state.${value}`) }))}
            placeholder={t("filter.state")}
            aria-label={t("filter.state")}
            allowClear
            style={{ width: 120 }}
          />
          {seesAll && (
            <Checkbox
              checked={search.held === true}
              onChange={({ target }) => filter({ held: target.checked || undefined })}
            >
              {t("filter.held")}
            </Checkbox>
          )}
        </FilterBar>
        <DataTable
          label={t("title")}
          columns={columns}
          rows={data?.items}
          total={data?.total}
          rowKey="id"
          list={toListState(search)}
          onList={(list) => change(fromListState(list))}
          isLoading={isPending}
          error={error}
          onRetry={() => void refetch()}
          empty={
            isFiltered ? (
              <EmptyState
                icon={AudioLines}
                title={t("ui:list.nothingFound")}
                hint={t("ui:list.nothingFoundHint")}
                action={
                  <Button onClick={() => void navigate({ to: "/recordings", search: {} })}>
                    {t("ui:list.clear")}
                  </Button>
                }
              />
            ) : (
              <EmptyState icon={AudioLines} title={t("emptyTitle")} hint={t("emptyHint")} />
            )
          }
        />
      </Card>
      <Suspense>
        {search.play && (
          <PlayerDock
            key={search.play}
            id={search.play}
            rows={data?.items ?? []}
            onPlay={(play) => change({ play })}
          />
        )}
      </Suspense>
    </Page>
  );
}
