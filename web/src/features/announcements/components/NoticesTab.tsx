import { useQuery } from "@tanstack/react-query";
import { Button } from "antd";
import { Megaphone, Plus } from "lucide-react";
import { lazy, Suspense } from "react";
import { useTranslation } from "react-i18next";
import { useRight, useTimeZone } from "@/api/session";
import { formatInstant } from "@/lib/time";
import { Choice } from "@/ui/Choice";
import { DataTable } from "@/ui/DataTable";
import { EmptyState } from "@/ui/EmptyState";
import { ExportButton } from "@/ui/ExportButton";
import { FilterBar } from "@/ui/FilterBar";
import { fromListState, toListState } from "@/ui/list-search";
import { StatusTag } from "@/ui/StatusTag";
import { type Notice, noticesAsked, noticesQuery } from "../model/queries";
import { NOTICE_STATES } from "../model/search";
import { useAnnouncementsSearch } from "../model/useAnnouncementsSearch";
import { NoticeDrawer } from "./NoticeDrawer";

const NoticeForm = lazy(async () => ({ default: (await import("./NoticeForm")).NoticeForm }));

const TONES = { draft: "off", planned: "acw", running: "ready", over: "off", withdrawn: "ring" } as const;

/** One's own notices; writers see everybody's, with who has read them. */
export function NoticesTab() {
  const { t } = useTranslation("announcements");
  const zone = useTimeZone();
  const isWriter = useRight("notices.write");
  const { search, change, filter, openId, close } = useAnnouncementsSearch();
  const { data, error, isPending, refetch } = useQuery(noticesQuery(search));
  const add = isWriter && (
    <Button type="primary" icon={<Plus size={16} />} onClick={() => change({ open: "new" })}>
      {t("notice.add")}
    </Button>
  );
  return (
    <>
      <FilterBar
        search={search.search ?? ""}
        onSearch={(text) => filter({ search: text || undefined })}
        placeholder={t("notice.search")}
      >
        <Choice<"any" | (typeof NOTICE_STATES)[number]>
          label={t("notice.state")}
          value={search.state ?? "any"}
          options={[
            { value: "any", label: t("notice.anyState") },
            ...NOTICE_STATES.filter((one) => search.all || (one !== "draft" && one !== "planned")).map(
              (value) => ({ value, label: t(`notice.states.${value}`) }),
            ),
          ]}
          onChange={(state) => filter({ state: state === "any" ? undefined : state })}
        />
        {isWriter && (
          <Choice<"mine" | "all">
            label={t("notice.whose")}
            value={search.all ? "all" : "mine"}
            options={[
              { value: "mine", label: t("notice.forMe") },
              { value: "all", label: t("notice.all") },
            ]}
            onChange={(value) => filter({ all: value === "all" ? true : undefined, state: undefined })}
          />
        )}
        <ExportButton path="/api/notices" query={noticesAsked(search)} />
        {add}
      </FilterBar>
      <DataTable<Notice>
        label={t("tab.notices")}
        rows={data?.items}
        total={data?.total}
        rowKey="id"
        list={toListState(search)}
        onList={(list) => change(fromListState(list))}
        isLoading={isPending}
        error={error}
        onRetry={() => void refetch()}
        onRow={({ id }) => change({ open: String(id) })}
        columns={[
          {
            key: "title",
            title: t("notice.title"),
            sorter: true,
            render: (_, { id, title, is_urgent }) => (
              <Button type="link" style={{ padding: 0 }} onClick={() => change({ open: String(id) })}>
                {title} {is_urgent && <StatusTag tone="ring">{t("notice.urgent")}</StatusTag>}
              </Button>
            ),
          },
          {
            key: "state",
            title: t("notice.state"),
            render: (_, { state }) => (
              <StatusTag tone={TONES[state]}>{t(`notice.states.${state}`)}</StatusTag>
            ),
          },
          {
            key: "starts_at",
            title: t("notice.from"),
            sorter: true,
            render: (_, { starts_at }) => formatInstant(starts_at, zone),
          },
          {
            key: "ends_at",
            title: t("notice.until"),
            sorter: true,
            render: (_, { ends_at }) => formatInstant(ends_at, zone),
          },
          { key: "author", title: t("author"), render: (_, { author }) => author?.name ?? "—" },
          search.all
            ? {
                key: "acknowledged",
                title: t("notice.acknowledged"),
                sorter: true,
                className: "numbers",
                render: (_, { acknowledged, told, state }) =>
                  state === "draft" ? "—" : `${acknowledged} / ${told}`,
              }
            : {
                key: "mine",
                title: t("notice.mine"),
                render: (_, { acknowledged_at }) =>
                  acknowledged_at ? formatInstant(acknowledged_at, zone) : t("notice.notYet"),
              },
        ]}
        empty={
          <EmptyState icon={Megaphone} title={t("notice.empty")} hint={t("notice.emptyHint")} action={add} />
        }
      />
      {openId !== undefined && <NoticeDrawer id={openId} onClose={close} />}
      {search.open === "new" && isWriter && (
        <Suspense fallback={null}>
          <NoticeForm onClose={close} onMade={(id) => change({ open: String(id), all: true })} />
        </Suspense>
      )}
    </>
  );
}
