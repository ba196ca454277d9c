import { useQuery } from "@tanstack/react-query";
import { lazy, type ReactNode, Suspense, useState } from "react";
import { useTranslation } from "react-i18next";
import { useRight } from "@/api/session";
import { DataTable } from "@/ui/DataTable";
import { FilterBar } from "@/ui/FilterBar";
import { fromListState, toListState } from "@/ui/list-search";
import { Card } from "@/ui/Page";
import { type Customer, customersQuery, lastContactsQuery, toCustomersQuery } from "../model/queries";
import { type CustomersSearch, ownFilters } from "../model/search";
import { CustomerFilters } from "./CustomerFilters";
import { OwnFilters } from "./OwnFilters";
import { useCustomerColumns } from "./useCustomerColumns";
import { hiddenOwnColumns, useOwnColumns, useOwnFields } from "./useOwnColumns";

const BulkBar = lazy(async () => ({ default: (await import("./BulkBar")).BulkBar }));

interface Props {
  label: string;
  /** the list's code, under which its views are kept */
  views: string;
  search: CustomersSearch;
  /** what of the search the page fixes; it cannot be chosen */
  fixed?: Pick<CustomersSearch, "owner">;
  onChange: (changes: CustomersSearch) => void;
  empty: ReactNode;
}

/** Customers as a list: searched, narrowed, sorted, paged, and chosen to do something to many. */
export function CustomerList({ label, views, search, fixed = {}, onChange, empty }: Props) {
  const { t } = useTranslation("customers");
  const mayWrite = useRight("customers.write");
  const [chosen, setChosen] = useState<readonly number[]>([]);
  const query = toCustomersQuery({ ...search, ...fixed });
  const { data, error, isPending, refetch } = useQuery(customersQuery(query));
  const last = useQuery(lastContactsQuery(data?.items.map((customer) => customer.id) ?? []));
  const own = useOwnFields();
  const columns = [...useCustomerColumns(last.data), ...useOwnColumns(own)].filter(
    ({ key }) => key !== "owner" || fixed.owner === undefined, // all have the same, or none
  );
  return (
    <Card>
      <FilterBar
        views={views}
        search={search.search ?? ""}
        onSearch={(text) => onChange({ search: text || undefined, page: undefined })}
        placeholder={t("search")}
      >
        <CustomerFilters search={search} onChange={onChange} hidden={Object.keys(fixed)} />
        <OwnFilters
          fields={own}
          filters={ownFilters(search)}
          onFilter={(name, value) => onChange({ [name]: value, page: undefined })}
        />
      </FilterBar>
      {chosen.length > 0 && (
        <Suspense fallback={null}>
          <BulkBar ids={chosen} isPool={fixed.owner === "none"} onDone={() => setChosen([])} />
        </Suspense>
      )}
      <DataTable<Customer>
        label={label}
        columns={columns}
        rows={data?.items}
        total={data?.total}
        rowKey="id"
        hidden={hiddenOwnColumns(own)}
        list={toListState(search)}
        onList={(list) => onChange(fromListState(list))}
        isLoading={isPending}
        error={error}
        onRetry={() => void refetch()}
        empty={empty}
        {...(mayWrite && {
          selection: { keys: chosen, onChange: setChosen, nameOf: (row: Customer) => row.name },
        })}
      />
    </Card>
  );
}
