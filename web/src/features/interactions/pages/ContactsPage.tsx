import { useQuery } from "@tanstack/react-query";
import { useNavigate, useSearch } from "@tanstack/react-router";
import { Input, Segmented, Select } from "antd";
import { lazy, Suspense } from "react";
import { useTranslation } from "react-i18next";
import { useReachesOthers, useTimeZone } from "@/api/session";
import { ContactFilters } from "@/features/recordings";
import { DataTable } from "@/ui/DataTable";
import { FilterBar } from "@/ui/FilterBar";
import { compact, fromListState, toListState } from "@/ui/list-search";
import { Card, Page } from "@/ui/Page";
import { PageHeader } from "@/ui/PageHeader";
import { EntryRuleFilter } from "../components/EntryRuleFilter";
import { NoContacts } from "../components/NoContacts";
import { useContactColumns } from "../components/useContactColumns";
import { countByCaller } from "../model/missed";
import { outcomes } from "../model/outcomes";
import { contactsQuery, toContactsQuery } from "../model/queries";
import { type ContactsSearch, contactViews } from "../model/search";

const ExportButton = lazy(async () => ({ default: (await import("@/ui/ExportButton")).ExportButton }));

/** Every contact; and the missed calls, to call back. */
export function ContactsPage() {
  const { t } = useTranslation(["interactions", "ui"]);
  const search = useSearch({ from: "/shell/interactions" });
  const navigate = useNavigate();
  const zone = useTimeZone();
  const seesAll = useReachesOthers("interactions.read");
  const isMissed = search.view !== undefined;
  const query = toContactsQuery(search, zone);
  const { data, error, isPending, refetch } = useQuery(contactsQuery(query));
  const columns = useContactColumns(isMissed, countByCaller(data?.items ?? []));
  const go = (next: ContactsSearch) =>
    void navigate({ to: "/interactions", search: compact(next), replace: true });
  const filter = (changes: ContactsSearch) => go({ ...search, ...changes, page: undefined });
  const { page: _page, size: _size, sort: _sort, view: _view, ...filters } = search;

  return (
    <Page>
      <PageHeader
        title={t("title")}
        hint={isMissed ? t("hintMissed") : seesAll ? t("hint") : t("hintOwn")}
        actions={
          <Suspense fallback={null}>
            <ExportButton path="/api/interactions" query={query} right="interactions.export" />
          </Suspense>
        }
      />
      <Card>
        <Segmented
          value={search.view ?? "all"}
          aria-label={t("view.label")}
          options={(["all", ...contactViews] as const).map((value) => ({ value, label: t(`view.${value}`) }))}
          onChange={(view) =>
            filter({ view: contactViews.find((each) => each === view), outcome: undefined, sort: undefined })
          }
          style={{ marginBottom: 12 }}
        />
        <FilterBar
          views="interactions"
          search={search.search ?? ""}
          onSearch={(text) => filter({ search: text || undefined })}
          placeholder={t("search")}
        >
          <ContactFilters
            filter={search}
            onFilter={filter}
            hasAgents={seesAll && !isMissed}
            isMissed={isMissed}
          />
          {!isMissed && (
            <Select
              value={search.outcome ?? null}
              onChange={(outcome) => filter({ outcome: outcome ?? undefined })}
              options={outcomes.map((value) => ({ value, label: t(`outcome.${value}`) }))}
              placeholder={t("column.outcome")}
              aria-label={t("column.outcome")}
              allowClear
              style={{ width: 130 }}
            />
          )}
          <Input.Search
            key={search.said ?? ""}
            defaultValue={search.said ?? ""}
            onSearch={(said) => filter({ said: said.trim() || undefined })}
            placeholder={t("filter.said")}
            aria-label={t("filter.said")}
            maxLength={100}
            allowClear
            style={{ width: 220 }}
          />
          <EntryRuleFilter value={search.entry_rule} onChange={(entry_rule) => filter({ entry_rule })} />
        </FilterBar>
        <DataTable
          label={t("title")}
          columns={columns}
          rows={data?.items}
          total={data?.total}
          rowKey="id"
          list={toListState(search)}
          onList={(list) => go({ ...search, ...fromListState(list) })}
          isLoading={isPending}
          error={error}
          onRetry={() => void refetch()}
          empty={
            <NoContacts
              isFiltered={Object.keys(filters).length > 0}
              view={search.view}
              onClear={() => go({ view: search.view })}
            />
          }
        />
      </Card>
    </Page>
  );
}
