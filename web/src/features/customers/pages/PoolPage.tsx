import { useQuery } from "@tanstack/react-query";
import { useNavigate, useSearch } from "@tanstack/react-router";
import { Alert, Button } from "antd";
import { Settings2, Waves } from "lucide-react";
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
import { allowanceQuery, policyQuery } from "../model/attached";
import { toCustomersQuery } from "../model/queries";
import { type CustomersSearch, isNarrowed } from "../model/search";

const PolicyDrawer = lazy(async () => ({
  default: (await import("../components/PolicyDrawer")).PolicyDrawer,
}));

const POOL = { owner: "none" } as const;

/** The public pool: customers nobody owns, how many one may still claim, and the rules of it. */
export function PoolPage() {
  const { t } = useTranslation(["customers", "ui"]);
  const search = useSearch({ from: "/shell/customers/pool" });
  const navigate = useNavigate();
  const maySet = useRight("customers.settings");
  const [isSetting, setSetting] = useState(false);
  const change = (changes: CustomersSearch) =>
    void navigate({ to: "/customers/pool", search: compact({ ...search, ...changes }), replace: true });
  const texts = isNarrowed(search)
    ? { title: t("ui:list.nothingFound"), hint: t("list.nothingFoundHint") }
    : { title: t("pool.emptyTitle"), hint: t("pool.emptyHint") };
  return (
    <Page>
      <CustomersNav />
      <PageHeader
        title={t("pool.title")}
        hint={t("pool.hint")}
        actions={
          <>
            <ExportButton
              path="/api/customers"
              query={toCustomersQuery({ ...search, ...POOL })}
              right="customers.export"
            />
            {maySet && (
              <Button icon={<Settings2 size={16} />} onClick={() => setSetting(true)}>
                {t("pool.settings")}
              </Button>
            )}
          </>
        }
      />
      <Allowance />
      <CustomerList
        label={t("pool.title")}
        views="pool"
        search={search}
        fixed={POOL}
        onChange={change}
        empty={<EmptyState icon={Waves} {...texts} />}
      />
      {isSetting && (
        <Suspense fallback={null}>
          <PolicyDrawer onClose={() => setSetting(false)} />
        </Suspense>
      )}
    </Page>
  );
}

/** How many one may still claim, and when customers come back here by themselves. */
function Allowance() {
  const { t } = useTranslation("customers");
  const mayWrite = useRight("customers.write");
  const { data: allowance } = useQuery({ ...allowanceQuery, enabled: mayWrite });
  const { data: policy } = useQuery(policyQuery);
  if (!allowance || !policy) return null;
  const left = allowance.left === null ? t("pool.anyNumber") : t("pool.left", { count: allowance.left });
  const day =
    policy.claims_per_day === null
      ? t("pool.claimed", { count: allowance.claimed_today })
      : t("pool.claimedOf", { count: allowance.claimed_today, most: policy.claims_per_day });
  const held =
    policy.max_held === null
      ? t("pool.held", { count: allowance.held })
      : t("pool.heldOf", { count: allowance.held, most: policy.max_held });
  const returned = policy.return_after_days && t("pool.returned", { count: policy.return_after_days });
  return (
    <Alert
      type={allowance.left === 0 ? "warning" : "info"}
      showIcon
      title={[left, day, held, returned].filter(Boolean).join(t("pool.dot"))}
      style={{ marginBottom: 12 }}
    />
  );
}
