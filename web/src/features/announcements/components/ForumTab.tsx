import { useQuery } from "@tanstack/react-query";
import { Button } from "antd";
import { Lock, MessagesSquare, Pin, Plus } from "lucide-react";
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
import { type Topic, topicsAsked, topicsQuery } from "../model/queries";
import { useAnnouncementsSearch } from "../model/useAnnouncementsSearch";
import styles from "./Announcements.module.css";
import { NewTopic } from "./NewTopic";
import { TopicDrawer } from "./TopicDrawer";

/** What colleagues talk about, with what is new since the reader's last visit. */
export function ForumTab() {
  const { t } = useTranslation("announcements");
  const zone = useTimeZone();
  const mayWrite = useRight("forum.write");
  const { search, change, filter, openId, close } = useAnnouncementsSearch();
  const { data, error, isPending, refetch } = useQuery(topicsQuery(search));
  const add = mayWrite && (
    <Button type="primary" icon={<Plus size={16} />} onClick={() => change({ open: "new" })}>
      {t("forum.add")}
    </Button>
  );
  return (
    <>
      <FilterBar
        search={search.search ?? ""}
        onSearch={(text) => filter({ search: text || undefined })}
        placeholder={t("forum.search")}
      >
        <Choice<"any" | "fresh">
          label={t("forum.new")}
          value={search.fresh ? "fresh" : "any"}
          options={[
            { value: "any", label: t("forum.all") },
            { value: "fresh", label: t("forum.new") },
          ]}
          onChange={(value) => filter({ fresh: value === "fresh" ? true : undefined })}
        />
        <ExportButton path="/api/forum/topics" query={topicsAsked(search)} />
        {add}
      </FilterBar>
      <DataTable<Topic>
        label={t("tab.forum")}
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
            title: t("forum.topic"),
            sorter: true,
            render: (_, { id, title, is_pinned, is_locked, is_new }) => (
              <>
                <Button
                  type="link"
                  style={{ padding: 0 }}
                  className={is_new ? (styles.unread ?? "") : ""}
                  icon={is_pinned && <Pin size={14} aria-label={t("pinned")} />}
                  onClick={() => change({ open: String(id) })}
                >
                  {title}
                </Button>{" "}
                {is_locked && <Lock size={14} aria-label={t("forum.locked")} />}{" "}
                {is_new && <StatusTag tone="talk">{t("forum.new")}</StatusTag>}
              </>
            ),
          },
          { key: "author", title: t("author"), render: (_, { author }) => author?.name ?? "—" },
          { key: "posts", title: t("forum.posts"), dataIndex: "posts", className: "numbers" },
          {
            key: "last_post_at",
            title: t("forum.last"),
            sorter: true,
            render: (_, { last_post_at, last_author }) =>
              [formatInstant(last_post_at, zone), last_author?.name].filter(Boolean).join(" · "),
          },
        ]}
        empty={
          <EmptyState
            icon={MessagesSquare}
            title={t("forum.empty")}
            hint={t("forum.emptyHint")}
            action={add}
          />
        }
      />
      {openId !== undefined && <TopicDrawer key={openId} id={openId} onClose={close} />}
      {search.open === "new" && mayWrite && (
        <NewTopic onClose={close} onMade={(id) => change({ open: String(id) })} />
      )}
    </>
  );
}
