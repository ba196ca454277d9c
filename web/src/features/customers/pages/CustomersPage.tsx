import { useQuery } from "@tanstack/react-query";
import { useNavigate, useSearch } from "@tanstack/react-router";
import { Button, Select } from "antd";
import { Plus, UsersRound } from "lucide-react";
import { lazy, Suspense, useState } from "react";
import { useTranslation } from "react-i18next";
import { useRight } from "@/api/session";
import { DataTable } from "@/ui/DataTable";
import { EmptyState } from "@/ui/EmptyState";
import { ExportButton } from "@/ui/ExportButton";
import { FilterBar } from "@/ui/FilterBar";
import { compact, fromListState, toListState } from "@/ui/list-search";
import { Card, Page } from "@/ui/Page";
import { PageHeader } from "@/ui/PageHeader";
import { OwnFilters } from "../components/OwnFilters";
import { useCustomerColumns } from "../components/useCustomerColumns";
import { hiddenOwnColumns, useOwnColumns, useOwnFields } from "../components/useOwnColumns";
import { levels } from "../model/levels";
import { customersQuery, lastContactsQuery, toCustomersQuery } from "../model/queries";
import { type CustomersSearch, ownFilters } from "../model/search";

const CustomerDrawer = lazy(async () => ({
  default: (await import("../components/CustomerDrawer")).CustomerDrawer,
}));

/** All customers: found by name, pinyin initials, company or part of a number. */
export function CustomersPage() {
  const { t } = useTranslation(["customers", "ui", "api"]);
  const search = useSearch({ from: "/shell/customers" });
  const navigate = useNavigate();
  const mayWrite = useRight("customers.write");
  const [isCreating, setCreating] = useState(false);
  const query = toCustomersQuery(search);
  const { data, error, isPending, refetch } = useQuery(customersQuery(query));
  const last = useQuery(lastContactsQuery(data?.items.map((customer) => customer.id) ?? []));
  const own = useOwnFields();
  const columns = [...useCustomerColumns(last.data), ...useOwnColumns(own)];
  const change = (changes: CustomersSearch) =>
    void navigate({ to: "/customers", search: compact({ ...search, ...changes }), replace: true });
  const isFiltered = Boolean(search.search || search.level) || Object.keys(ownFilters(search)).length > 0;
  const create = mayWrite && (
    <Button type="primary" icon={<Plus size={16} />} onClick={() => setCreating(true)}>
      {t("form.create")}
    </Button>
  );

  return (
    <Page>
      <PageHeader
        title={t("title")}
        hint={t("hint")}
        actions={
          <>
            <ExportButton path="/api/customers" query={query} right="customers.export" />
            {create}
          </>
        }
      />
      <Card>
        <FilterBar
          views="customers"
          search={search.search ?? ""}
          onSearch={(text) => change({ search: text || undefined, page: undefined })}
          placeholder={t("search")}
        >
          <Select
            value={search.level ?? null}
            onChange={(level) => change({ level: level ?? undefined, page: undefined })}
            options={levels.map((value) => ({ value, label: t(`api:level.${value}`) }))}
            placeholder={t("field.level")}
            aria-label={t("field.level")}
            allowClear
            style={{ width: 130 }}
          />
          <OwnFilters
            fields={own}
            filters={ownFilters(search)}
            onFilter={(name, value) => change({ [name]: value, page: undefined })}
          />
        </FilterBar>
        <DataTable
          label={t("title")}
          columns={columns}
          rows={data?.items}
          total={data?.total}
          rowKey="id"
          hidden={hiddenOwnColumns(own)}
          list={toListState(search)}
          onList={(list) => change(fromListState(list))}
          isLoading={isPending}
          error={error}
          onRetry={() => void refetch()}
          empty={
            isFiltered ? (
              <EmptyState
                icon={UsersRound}
                title={t("ui:list.nothingFound")}
                hint={t("list.nothingFoundHint")}
                action={create}
              />
            ) : (
              <EmptyState
                icon={UsersRound}
                title={t("list.emptyTitle")}
                hint={t("list.emptyHint")}
                action={create}
              />
            )
          }
        />
      </Card>
      {isCreating && (
        <Suspense fallback={null}>
          <CustomerDrawer
            customer={null}
            onClose={() => setCreating(false)}
            onSaved={(saved) =>
              void navigate({ to: "/customers/$customer", params: { customer: String(saved.id) } })
            }
          />
        </Suspense>
      )}
    </Page>
  );
}
