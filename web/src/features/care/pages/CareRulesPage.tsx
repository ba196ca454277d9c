import { useQuery, useQueryClient } from "@tanstack/react-query";
import { Link, useNavigate, useSearch } from "@tanstack/react-router";
import { Button } from "antd";
import { HeartHandshake, ListTodo, Plus } from "lucide-react";
import { lazy, Suspense } from "react";
import { useTranslation } from "react-i18next";
import { DataTable } from "@/ui/DataTable";
import { EmptyState } from "@/ui/EmptyState";
import { ExportButton } from "@/ui/ExportButton";
import { FilterBar } from "@/ui/FilterBar";
import { compact, fromListState, toListQuery, toListState } from "@/ui/list-search";
import { Card, Page } from "@/ui/Page";
import { PageHeader } from "@/ui/PageHeader";
import { useRuleColumns } from "../components/useRuleColumns";
import { careRulesQuery } from "../model/queries";
import type { CareRulesSearch } from "../model/search";
import styles from "./CareRulesPage.module.css";

const CareRuleDrawer = lazy(async () => ({
  default: (await import("../components/CareRuleDrawer")).CareRuleDrawer,
}));

/** Whom the company cares for by rule, and what came of it. */
export function CareRulesPage() {
  const { t } = useTranslation("care");
  const search = useSearch({ from: "/shell/care-rules" });
  const navigate = useNavigate();
  const queryClient = useQueryClient();
  const { data, error, isPending, refetch } = useQuery(careRulesQuery(search));
  const change = (changes: CareRulesSearch) =>
    void navigate({ to: "/care-rules", search: compact({ ...search, ...changes }), replace: true });
  const refresh = () => queryClient.invalidateQueries({ queryKey: ["care-rules", "list"] });
  const columns = useRuleColumns((id) => change({ open: String(id) }), refresh);
  const opened = data?.items.find(({ id }) => String(id) === search.open) ?? null;
  const add = (
    <Button type="primary" icon={<Plus size={16} />} onClick={() => change({ open: "new" })}>
      {t("add")}
    </Button>
  );
  return (
    <Page>
      <PageHeader
        title={t("title")}
        hint={t("hint")}
        actions={
          <>
            <Link to="/tasks" search={{ type: "care" }} className={styles.tasks}>
              <ListTodo size={16} aria-hidden /> {t("tasks")}
            </Link>
            <ExportButton path="/api/care-rules" query={toListQuery(search)} />
            {add}
          </>
        }
      />
      <Card>
        <FilterBar
          search={search.search ?? ""}
          onSearch={(text) => change({ search: text || undefined, page: undefined })}
          placeholder={t("search")}
        />
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
            search.search ? (
              <EmptyState icon={HeartHandshake} title={t("nothing")} hint={t("nothingHint")} />
            ) : (
              <EmptyState icon={HeartHandshake} title={t("empty")} hint={t("emptyHint")} action={add} />
            )
          }
        />
      </Card>
      {(search.open === "new" || opened) && (
        <Suspense fallback={null}>
          <CareRuleDrawer
            key={search.open}
            rule={opened}
            onSaved={refresh}
            onClose={() => change({ open: undefined })}
          />
        </Suspense>
      )}
    </Page>
  );
}
