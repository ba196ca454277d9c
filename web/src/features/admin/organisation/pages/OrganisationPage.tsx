import { useQuery } from "@tanstack/react-query";
import { Alert, Button, Skeleton } from "antd";
import { Network, Plus } from "lucide-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { EmptyState } from "@/ui/EmptyState";
import { ErrorNotice } from "@/ui/ErrorNotice";
import { Card, Page } from "@/ui/Page";
import { PageHeader } from "@/ui/PageHeader";
import { useSettingsSearch } from "../../model/useSettingsSearch";
import { BranchCard } from "../components/BranchCard";
import { DepartmentDrawer } from "../components/DepartmentDrawer";
import { OrganisationTree } from "../components/OrganisationTree";
import { SitesCard } from "../components/SitesCard";
import { TeamDrawer } from "../components/TeamDrawer";
import { organisationQuery } from "../model/queries";

type Drawer = { kind: "department" | "team"; id: number | null; below: number | null };

/** Departments, teams and sites: who belongs where, and over whom a lead or a head sees. */
export function OrganisationPage() {
  const { t } = useTranslation("organisation");
  const { search, open } = useSettingsSearch();
  const organisation = useQuery(organisationQuery);
  const [drawer, setDrawer] = useState<Drawer | null>(null);
  const selected = search.open && /^[dt]\d+$/.test(search.open) ? search.open : null;
  const add = (
    <Button
      type="primary"
      icon={<Plus size={16} />}
      onClick={() => setDrawer({ kind: "department", id: null, below: null })}
    >
      {t("addDepartment")}
    </Button>
  );
  const { data } = organisation;
  return (
    <Page>
      <PageHeader title={t("title")} hint={t("hint")} actions={add} />
      {organisation.error && (
        <ErrorNotice error={organisation.error} onRetry={() => void organisation.refetch()} />
      )}
      {organisation.isPending && <Skeleton active />}
      {data && data.without_team > 0 && (
        <Alert type="info" showIcon title={t("withoutTeam", { count: data.without_team })} />
      )}
      {data && (
        <Card title={t("tree")}>
          {data.departments.length === 0 ? (
            <EmptyState icon={Network} title={t("empty")} hint={t("emptyHint")} action={add} />
          ) : (
            <OrganisationTree organisation={data} selected={selected} onSelect={open} />
          )}
        </Card>
      )}
      {data && selected && (
        <BranchCard
          organisation={data}
          selected={selected}
          onEdit={() =>
            setDrawer({
              kind: selected.startsWith("d") ? "department" : "team",
              id: Number(selected.slice(1)),
              below: null,
            })
          }
          onAddDepartment={(below) => setDrawer({ kind: "department", id: null, below })}
          onAddTeam={(below) => setDrawer({ kind: "team", id: null, below })}
          onGone={() => open(null)}
        />
      )}
      {data && <SitesCard sites={data.sites} />}
      {data && drawer?.kind === "department" && (
        <DepartmentDrawer
          organisation={data}
          department={data.departments.find(({ id }) => id === drawer.id) ?? null}
          parent={drawer.below}
          onClose={() => setDrawer(null)}
        />
      )}
      {data && drawer?.kind === "team" && (
        <TeamDrawer
          organisation={data}
          team={data.teams.find(({ id }) => id === drawer.id) ?? null}
          department={drawer.below}
          onClose={() => setDrawer(null)}
        />
      )}
    </Page>
  );
}
