import { App, Button, Form, Input, Table, type TableProps } from "antd";
import { MapPin, Plus } from "lucide-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { EmptyState } from "@/ui/EmptyState";
import { Card } from "@/ui/Page";
import { RecordDrawer } from "../../components/RecordDrawer";
import { RowActions } from "../../components/RowActions";
import { changeSite, createSite, removeSite, type Site } from "../model/queries";

/** The places where users work. */
export function SitesCard({ sites }: { sites: readonly Site[] }) {
  const { t } = useTranslation("organisation");
  const { message } = App.useApp();
  const [opened, setOpened] = useState<Site | "new" | null>(null);
  const add = (
    <Button icon={<Plus size={16} />} onClick={() => setOpened("new")}>
      {t("addSite")}
    </Button>
  );
  const columns: NonNullable<TableProps<Site>["columns"]> = [
    { key: "name", title: t("name"), dataIndex: "name" },
    { key: "address", title: t("address"), dataIndex: "address" },
    { key: "members", title: t("users"), dataIndex: "members", className: "numbers" },
    {
      key: "actions",
      title: <span className="visually-hidden">{t("actions")}</span>,
      align: "right",
      render: (_, site) => (
        <RowActions
          name={site.name}
          hint={t("removeSiteHint")}
          onEdit={() => setOpened(site)}
          onRemove={async () => {
            await removeSite(site.id);
            message.success(t("removed", { name: site.name }));
          }}
        />
      ),
    },
  ];
  return (
    <Card title={t("sites")} actions={add}>
      <Table<Site>
        aria-label={t("sites")}
        size="middle"
        rowKey="id"
        columns={columns}
        dataSource={[...sites]}
        pagination={false}
        scroll={{ x: "max-content" }}
        locale={{
          emptyText: <EmptyState icon={MapPin} title={t("noSites")} hint={t("noSitesHint")} />,
        }}
      />
      {opened && (
        <RecordDrawer<{ name: string; address?: string }>
          title={opened === "new" ? t("addSite") : opened.name}
          initial={opened === "new" ? {} : opened}
          save={({ name, address = "" }) =>
            opened === "new" ? createSite({ name, address }) : changeSite(opened.id, { name, address })
          }
          onClose={() => setOpened(null)}
        >
          <Form.Item name="name" label={t("name")} rules={[{ required: true, message: t("required") }]}>
            <Input maxLength={100} autoFocus autoComplete="off" />
          </Form.Item>
          <Form.Item name="address" label={t("address")}>
            <Input maxLength={200} autoComplete="off" />
          </Form.Item>
        </RecordDrawer>
      )}
    </Card>
  );
}
