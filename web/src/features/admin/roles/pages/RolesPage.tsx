import { useQuery } from "@tanstack/react-query";
import { Button, Skeleton } from "antd";
import { Plus } from "lucide-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { ErrorNotice } from "@/ui/ErrorNotice";
import { Card, Page } from "@/ui/Page";
import { PageHeader } from "@/ui/PageHeader";
import { FieldsTable } from "../components/FieldsTable";
import { RightsTable } from "../components/RightsTable";
import { RoleDrawer } from "../components/RoleDrawer";
import { grantableQuery, rolesQuery } from "../model/queries";

/** What each role may do, over whose things, and with which fields. */
export function RolesPage() {
  const { t } = useTranslation("roles");
  const roles = useQuery(rolesQuery);
  const grantable = useQuery(grantableQuery);
  const [isAdding, setAdding] = useState(false);
  const add = (
    <Button type="primary" icon={<Plus size={16} />} onClick={() => setAdding(true)}>
      {t("add")}
    </Button>
  );
  const error = roles.error ?? grantable.error;
  const retry = () => {
    void roles.refetch();
    void grantable.refetch();
  };
  return (
    <Page>
      <PageHeader title={t("title")} hint={t("hint")} actions={add} />
      {error && <ErrorNotice error={error} onRetry={retry} />}
      {!error && !(roles.data && grantable.data) && <Skeleton active />}
      {roles.data && grantable.data && (
        <>
          <Card title={t("rights")}>
            <RightsTable rights={grantable.data.rights} roles={roles.data} />
          </Card>
          {grantable.data.fields.length > 0 && (
            <Card title={t("fields")}>
              <FieldsTable fields={grantable.data.fields} roles={roles.data} />
            </Card>
          )}
        </>
      )}
      {isAdding && <RoleDrawer edited={null} copyOf={null} onClose={() => setAdding(false)} />}
    </Page>
  );
}
