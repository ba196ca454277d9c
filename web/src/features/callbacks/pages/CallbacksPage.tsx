import { useQuery } from "@tanstack/react-query";
import { useNavigate, useSearch } from "@tanstack/react-router";
import { Button, Select } from "antd";
import { PhoneForwarded } from "lucide-react";
import { lazy, Suspense, useState } from "react";
import { useTranslation } from "react-i18next";
import { useRight, useTimeZone } from "@/api/session";
import { localName } from "@/lib/names";
import { useLive } from "@/live/store";
import { useServerNow } from "@/live/useServerNow";
import { DataTable } from "@/ui/DataTable";
import { DayRange } from "@/ui/DayRange";
import { EmptyState } from "@/ui/EmptyState";
import { FilterBar } from "@/ui/FilterBar";
import { compact, fromListState, toListState } from "@/ui/list-search";
import { Card, Page } from "@/ui/Page";
import { PageHeader } from "@/ui/PageHeader";
import { useCallbackColumns } from "../components/useCallbackColumns";
import { callbacksQuery, toCallbacksQuery } from "../model/queries";
import { type CallbacksSearch, kinds, states } from "../model/search";

const BookDialog = lazy(async () => ({ default: (await import("../components/BookDialog")).BookDialog }));
const ExportButton = lazy(async () => ({ default: (await import("@/ui/ExportButton")).ExportButton }));
const MessagePlayer = lazy(async () => ({
  default: (await import("../components/MessagePlayer")).MessagePlayer,
}));

/** Who is to be called back and what was left to be listened to: find one, hear it, give it to somebody. */
export function CallbacksPage() {
  const { t, i18n } = useTranslation(["callbacks", "ui"]);
  const search = useSearch({ from: "/shell/callbacks" });
  const navigate = useNavigate();
  const zone = useTimeZone();
  const now_ms = useServerNow();
  const queues = useLive((state) => state.queues);
  const mayManage = useRight("callbacks.manage");
  const mayBook = useRight("desk");
  const [isBooking, setBooking] = useState(false);
  const query = toCallbacksQuery(search, zone);
  const { data, error, isPending, refetch } = useQuery(callbacksQuery(query));
  const change = (changes: CallbacksSearch) =>
    void navigate({ to: "/callbacks", search: compact({ ...search, ...changes }), replace: true });
  const filter = (changes: CallbacksSearch) => change({ ...changes, page: undefined });
  const columns = useCallbackColumns({ onPlay: (play) => change({ play }), mayManage });
  const { page: _page, size: _size, sort: _sort, play: _play, ...filters } = search;
  const isFiltered = Object.keys(filters).length > 0;

  return (
    <Page>
      <PageHeader
        title={t("title")}
        hint={t("hint")}
        actions={
          <>
            {mayBook && (
              <Button type="primary" onClick={() => setBooking(true)}>
                {t("book.open")}
              </Button>
            )}
            <Suspense>{isBooking && <BookDialog onClose={() => setBooking(false)} />}</Suspense>
            <Suspense>
              <ExportButton path="/api/callbacks" query={query} right="interactions.export" />
            </Suspense>
          </>
        }
      />
      <Card>
        <FilterBar
          search={search.search ?? ""}
          onSearch={(text) => filter({ search: text || undefined })}
          placeholder={t("search")}
        >
          <DayRange from={search.from} to={search.to} now_ms={now_ms} timeZone={zone} onChange={filter} />
          <Select
            value={search.state ?? null}
            onChange={(state) => filter({ state: state ?? undefined })}
            options={states.map((value) => ({ value, label: t(`state.${value}`) }))}
            placeholder={t("column.state")}
            aria-label={t("column.state")}
            allowClear
            style={{ width: 130 }}
          />
          <Select
            value={search.kind ?? null}
            onChange={(kind) => filter({ kind: kind ?? undefined })}
            options={kinds.map((value) => ({ value, label: t(`kind.${value}`) }))}
            placeholder={t("column.kind")}
            aria-label={t("column.kind")}
            allowClear
            style={{ width: 130 }}
          />
          <Select
            value={search.queue ?? null}
            onChange={(queue) => filter({ queue: queue ?? undefined })}
            options={queues.map((queue) => ({ value: queue.id, label: localName(queue, i18n.language) }))}
            placeholder={t("column.queue")}
            aria-label={t("column.queue")}
            allowClear
            showSearch={{ optionFilterProp: "label" }}
            style={{ width: 150 }}
          />
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
                icon={PhoneForwarded}
                title={t("ui:list.nothingFound")}
                hint={t("ui:list.nothingFoundHint")}
                action={
                  <Button onClick={() => void navigate({ to: "/callbacks", search: {} })}>
                    {t("ui:list.clear")}
                  </Button>
                }
              />
            ) : (
              <EmptyState icon={PhoneForwarded} title={t("emptyTitle")} hint={t("emptyHint")} />
            )
          }
        />
      </Card>
      <Suspense fallback={null}>
        {search.play && (
          <MessagePlayer
            key={search.play}
            row={data?.items.find((row) => row.recording_id === search.play)}
            recording={search.play}
            onClose={() => change({ play: undefined })}
          />
        )}
      </Suspense>
    </Page>
  );
}
