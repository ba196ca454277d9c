import { useNavigate, useSearch } from "@tanstack/react-router";
import { Button } from "antd";
import { FileSpreadsheet, Plus, UsersRound } from "lucide-react";
import { lazy, Suspense, useState } from "react";
import { useTranslation } from "react-i18next";
import { useRight } from "@/api/session";
import { EmptyState } from "@/ui/EmptyState";
import { ExportButton } from "@/ui/ExportButton";
import { compact } from "@/ui/list-search";
import { Page } from "@/ui/Page";
import { PageHeader } from "@/ui/PageHeader";
import { CustomerList } from "../components/CustomerList";
import { CustomersNav } from "../components/CustomersNav";
import { toCustomersQuery } from "../model/queries";
import { type CustomersSearch, isNarrowed } from "../model/search";

const CustomerDrawer = lazy(async () => ({
  default: (await import("../components/CustomerDrawer")).CustomerDrawer,
}));

/** All customers: found by name, pinyin initials, company or part of a number. */
export function CustomersPage() {
  const { t } = useTranslation(["customers", "ui"]);
  const search = useSearch({ from: "/shell/customers" });
  const navigate = useNavigate();
  const mayWrite = useRight("customers.write");
  const mayImport = useRight("customers.import");
  const [isCreating, setCreating] = useState(false);
  const change = (changes: CustomersSearch) =>
    void navigate({ to: "/customers", search: compact({ ...search, ...changes }), replace: true });
  const create = mayWrite && (
    <Button type="primary" icon={<Plus size={16} />} onClick={() => setCreating(true)}>
      {t("form.create")}
    </Button>
  );
  const texts = isNarrowed(search)
    ? { title: t("ui:list.nothingFound"), hint: t("list.nothingFoundHint") }
    : { title: t("list.emptyTitle"), hint: t("list.emptyHint") };
  return (
    <Page>
      <CustomersNav />
      <PageHeader
        title={t("title")}
        hint={t("hint")}
        actions={
          <>
            {mayImport && (
              <Button
                icon={<FileSpreadsheet size={16} />}
                onClick={() => void navigate({ to: "/import", search: { kind: "customers" } })}
              >
                {t("import")}
              </Button>
            )}
            <ExportButton path="/api/customers" query={toCustomersQuery(search)} right="customers.export" />
            {create}
          </>
        }
      />
      <CustomerList
        label={t("title")}
        views="customers"
        search={search}
        onChange={change}
        empty={<EmptyState icon={UsersRound} {...texts} action={create} />}
      />
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
