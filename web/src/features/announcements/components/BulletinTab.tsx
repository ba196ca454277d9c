import { useQuery } from "@tanstack/react-query";
import { Button } from "antd";
import { Newspaper, Pin, Plus } from "lucide-react";
import { useTranslation } from "react-i18next";
import { useRight, useTimeZone } from "@/api/session";
import { formatInstant } from "@/lib/time";
import { Choice } from "@/ui/Choice";
import { DataTable } from "@/ui/DataTable";
import { EmptyState } from "@/ui/EmptyState";
import { ExportButton } from "@/ui/ExportButton";
import { FilterBar } from "@/ui/FilterBar";
import { fromListState, toListState } from "@/ui/list-search";
import { type Bulletin, bulletinsAsked, bulletinsQuery, categoriesQuery } from "../model/queries";
import { useAnnouncementsSearch } from "../model/useAnnouncementsSearch";
import styles from "./Announcements.module.css";
import { BulletinDrawer } from "./BulletinDrawer";
import { BulletinForm } from "./BulletinForm";

/** What stays to be looked up, pinned posts first. */
export function BulletinTab() {
  const { t } = useTranslation("announcements");
  const zone = useTimeZone();
  const isWriter = useRight("bulletin.write");
  const { search, change, filter, openId, close } = useAnnouncementsSearch();
  const { data, error, isPending, refetch } = useQuery(bulletinsQuery(search));
  const categories = useQuery(categoriesQuery).data?.items ?? [];
  const add = isWriter && (
    <Button type="primary" icon={<Plus size={16} />} onClick={() => change({ open: "new" })}>
      {t("bulletin.add")}
    </Button>
  );
  return (
    <>
      <FilterBar
        search={search.search ?? ""}
        onSearch={(text) => filter({ search: text || undefined })}
        placeholder={t("bulletin.search")}
      >
        <Choice<string>
          label={t("bulletin.category")}
          value={search.category ?? ""}
          options={[
            { value: "", label: t("bulletin.anyCategory") },
            ...categories.map((one) => ({ value: one, label: one })),
          ]}
          onChange={(category) => filter({ category: category || undefined })}
        />
        <Choice<"any" | "fresh">
          label={t("bulletin.reading")}
          value={search.fresh ? "fresh" : "any"}
          options={[
            { value: "any", label: t("bulletin.any") },
            { value: "fresh", label: t("bulletin.unread") },
          ]}
          onChange={(value) => filter({ fresh: value === "fresh" ? true : undefined })}
        />
        <ExportButton path="/api/bulletins" query={bulletinsAsked(search)} />
        {add}
      </FilterBar>
      <DataTable<Bulletin>
        label={t("tab.bulletin")}
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
            render: (_, { id, title, is_pinned, is_read }) => (
              <Button
                type="link"
                style={{ padding: 0 }}
                className={is_read ? "" : (styles.unread ?? "")}
                icon={is_pinned && <Pin size={14} aria-label={t("pinned")} />}
                onClick={() => change({ open: String(id) })}
              >
                {title}
              </Button>
            ),
          },
          { key: "category", title: t("bulletin.category"), dataIndex: "category" },
          { key: "author", title: t("author"), render: (_, { author }) => author?.name ?? "—" },
          {
            key: "published_at",
            title: t("bulletin.publishedAt"),
            sorter: true,
            render: (_, { published_at }) => formatInstant(published_at, zone),
          },
          {
            key: "reads",
            title: t("bulletin.reads"),
            sorter: true,
            dataIndex: "reads",
            className: "numbers",
          },
        ]}
        empty={
          <EmptyState
            icon={Newspaper}
            title={t("bulletin.empty")}
            hint={t("bulletin.emptyHint")}
            action={add}
          />
        }
      />
      {openId !== undefined && <BulletinDrawer id={openId} onClose={close} />}
      {search.open === "new" && isWriter && <BulletinForm onClose={close} />}
    </>
  );
}
