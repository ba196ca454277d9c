import { useQuery } from "@tanstack/react-query";
import { Link, useNavigate, useSearch } from "@tanstack/react-router";
import { CalendarCheck, HeartHandshake } from "lucide-react";
import { useTranslation } from "react-i18next";
import { useReachesOthers, useRight, useUser } from "@/api/session";
import { Choice } from "@/ui/Choice";
import { DataTable } from "@/ui/DataTable";
import { EmptyState } from "@/ui/EmptyState";
import { ExportButton } from "@/ui/ExportButton";
import { FilterBar } from "@/ui/FilterBar";
import { compact, fromListState, toListState } from "@/ui/list-search";
import { Card, Page } from "@/ui/Page";
import { PageHeader } from "@/ui/PageHeader";
import { TaskDrawer } from "../components/TaskDrawer";
import { useTaskColumns } from "../components/useTaskColumns";
import { taskCountsQuery, tasksQuery, toTasksQuery } from "../model/queries";
import { type TasksSearch, WHEN, type When } from "../model/search";
import styles from "./TasksPage.module.css";

/** What is to be done for customers: follow-ups and care tasks, worked from the top. */
export function TasksPage() {
  const { t } = useTranslation(["tasks", "ui"]);
  const search = useSearch({ from: "/shell/tasks" });
  const navigate = useNavigate();
  const user = useUser();
  const seesAll = useReachesOthers("followups.read");
  const managesCare = useRight("care.manage");
  const query = toTasksQuery(search, user?.id);
  const { data, error, isPending, refetch } = useQuery(tasksQuery(query));
  const counts = useQuery(taskCountsQuery).data;
  const columns = useTaskColumns(search.whose !== undefined);
  const change = (changes: TasksSearch) =>
    void navigate({ to: "/tasks", search: compact({ ...search, ...changes }), replace: true });
  const filter = (changes: TasksSearch) => change({ ...changes, page: undefined });
  const when = search.when ?? "today";
  const isFiltered = Boolean(search.search || search.type);
  const goOn = (isNextWanted: boolean) => {
    const rest = data?.items.filter(({ id }) => id !== search.task) ?? [];
    const at = data?.items.findIndex(({ id }) => id === search.task) ?? -1;
    change({ task: isNextWanted ? (rest[Math.max(0, at)] ?? rest[0])?.id : undefined });
  };
  const label = (one: When) =>
    one !== "closed" && counts && counts[one] > 0 ? `${t(`when.${one}`)} ${counts[one]}` : t(`when.${one}`);

  return (
    <Page>
      <PageHeader
        title={t("title")}
        hint={t("hint")}
        actions={
          <>
            {managesCare && (
              <Link to="/care-rules" className={styles.rules}>
                <HeartHandshake size={16} aria-hidden /> {t("rules")}
              </Link>
            )}
            <ExportButton path="/api/follow-ups" query={query} right="customers.export" />
          </>
        }
      />
      <Card>
        <FilterBar
          search={search.search ?? ""}
          views="tasks"
          onSearch={(text) => filter({ search: text || undefined })}
          placeholder={t("search")}
        >
          <Choice<When>
            label={t("column.due")}
            value={when}
            options={WHEN.map((value) => ({ value, label: label(value) }))}
            onChange={(value) => filter({ when: value === "today" ? undefined : value, task: undefined })}
          />
          <Choice<"any" | "followUps" | "care">
            label={t("type")}
            value={search.type ?? "any"}
            options={[
              { value: "any", label: t("anyType") },
              { value: "followUps", label: t("followUps") },
              { value: "care", label: t("care") },
            ]}
            onChange={(value) => filter({ type: value === "any" ? undefined : value })}
          />
          <Choice<"mine" | "all" | "claimable">
            label={t("whose")}
            value={search.whose ?? "mine"}
            options={[
              { value: "mine", label: t("mine") },
              { value: "claimable", label: t("claimable") },
              ...(seesAll ? [{ value: "all" as const, label: t("team") }] : []),
            ]}
            onChange={(value) => filter({ whose: value === "mine" ? undefined : value })}
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
          onRow={({ id }) => change({ task: id })}
          empty={
            <EmptyState
              icon={CalendarCheck}
              title={isFiltered ? t("nothing") : t(`empty.${when}`)}
              hint={isFiltered ? t("nothingHint") : t("empty.hint")}
              action={!isFiltered && <Link to="/customers">{t("customers")}</Link>}
            />
          }
        />
      </Card>
      {search.task !== undefined && (
        <TaskDrawer task={search.task} onDone={goOn} onClose={() => change({ task: undefined })} />
      )}
    </Page>
  );
}
