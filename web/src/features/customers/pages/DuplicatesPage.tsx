import { useNavigate, useSearch } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { compact } from "@/ui/list-search";
import { Card, Page } from "@/ui/Page";
import { PageHeader } from "@/ui/PageHeader";
import { type Tab, TabStrip } from "@/ui/TabStrip";
import { CustomersNav } from "../components/CustomersNav";
import { MergeHistory } from "../duplicates/components/MergeHistory";
import { PairList } from "../duplicates/components/PairList";
import { SearchStatus } from "../duplicates/components/SearchStatus";
import { type DuplicatesSearch, type DuplicateTab, duplicateTabs } from "../duplicates/model/search";

/** Customers who may be one: compared, merged, judged; and what was merged, with the way back. */
export function DuplicatesPage() {
  const { t } = useTranslation("duplicates");
  const search = useSearch({ from: "/shell/customers/duplicates" });
  const navigate = useNavigate();
  const tab = search.tab ?? "open";
  const change = (changed: DuplicatesSearch) =>
    void navigate({ to: "/customers/duplicates", search: compact(changed), replace: true });
  const list = { search, onSearch: change };
  const tabs = duplicateTabs.map((key) => ({
    key,
    label: t(`tab.${key}`),
    content: key === "merges" ? <MergeHistory {...list} /> : <PairList key={key} {...list} state={key} />,
  })) as [Tab, ...Tab[]];
  return (
    <Page>
      <CustomersNav />
      <PageHeader title={t("title")} hint={t("hint")} actions={<SearchStatus />} />
      <Card>
        <TabStrip
          label={t("title")}
          shown={tab}
          onShow={(key) => change({ tab: key === "open" ? undefined : (key as DuplicateTab) })}
          tabs={tabs}
        />
      </Card>
    </Page>
  );
}
