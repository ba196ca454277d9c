import { useNavigate, useSearch } from "@tanstack/react-router";
import { Button } from "antd";
import { Plus } from "lucide-react";
import { lazy, Suspense, useState } from "react";
import { useTranslation } from "react-i18next";
import { useRight } from "@/api/session";
import { compact } from "@/ui/list-search";
import { Card, Page } from "@/ui/Page";
import { PageHeader } from "@/ui/PageHeader";
import { type Tab, TabStrip } from "@/ui/TabStrip";
import { CustomersNav } from "../components/CustomersNav";
import { lists } from "../model/attached";
import { EntryList } from "../number-lists/components/EntryList";
import type { ListCode, ListsSearch } from "../number-lists/model/search";

const AddNumbers = lazy(async () => ({
  default: (await import("../number-lists/components/AddNumbers")).AddNumbers,
}));

/** The VIP, block and do-not-call lists, a tab each. */
export function ListsPage() {
  const { t } = useTranslation("number-lists");
  const search = useSearch({ from: "/shell/customers/lists" });
  const navigate = useNavigate();
  const mayWrite = useRight("lists.write");
  const [isAdding, setAdding] = useState(false);
  const list = search.list ?? lists[0];
  const change = (changed: ListsSearch) =>
    void navigate({ to: "/customers/lists", search: compact(changed), replace: true });
  const add = mayWrite && (
    <Button type="primary" icon={<Plus size={16} />} onClick={() => setAdding(true)}>
      {t("addTo", { list: t(`name.${list}`) })}
    </Button>
  );
  const tabs = lists.map((code) => ({
    key: code,
    label: t(`name.${code}`),
    content: <EntryList key={code} list={code} search={search} onSearch={change} add={add} />,
  })) as [Tab, ...Tab[]];
  return (
    <Page>
      <CustomersNav />
      <PageHeader title={t("title")} hint={t(`hint.${list}`)} actions={add} />
      <Card>
        <TabStrip
          label={t("title")}
          shown={list}
          onShow={(key) => change({ list: key === lists[0] ? undefined : (key as ListCode) })}
          tabs={tabs}
        />
      </Card>
      {isAdding && (
        <Suspense fallback={null}>
          <AddNumbers list={list} onClose={() => setAdding(false)} />
        </Suspense>
      )}
    </Page>
  );
}
