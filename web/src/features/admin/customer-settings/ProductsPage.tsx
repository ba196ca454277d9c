import { Form, Input, InputNumber, Switch, type TableProps } from "antd";
import { Package } from "lucide-react";
import { useTranslation } from "react-i18next";
import { StatusTag } from "@/ui/StatusTag";
import { RecordDrawer } from "../components/RecordDrawer";
import { RecordLink } from "../components/RecordLink";
import { RecordsPage } from "../components/RecordsPage";
import { type Product, products } from "./resources";

/** The product catalogue: what customers can have of us, and for how long it is under warranty. */
export function ProductsPage() {
  const { t } = useTranslation("customer-settings");
  const columns: NonNullable<TableProps<Product>["columns"]> = [
    {
      key: "code",
      title: t("code"),
      sorter: true,
      render: (_, row) => <RecordLink id={row.id}>{row.code}</RecordLink>,
    },
    { key: "name", title: t("name"), sorter: true, dataIndex: "name" },
    {
      key: "warranty_months",
      title: t("warranty"),
      sorter: true,
      className: "numbers",
      render: (_, row) => (row.warranty_months ? t("months", { count: row.warranty_months }) : "–"),
    },
    {
      key: "is_active",
      title: t("state"),
      render: (_, row) => (
        <StatusTag tone={row.is_active ? "ready" : "off"}>
          {t(row.is_active ? "onSale" : "retired")}
        </StatusTag>
      ),
    },
  ];
  return (
    <RecordsPage<Product>
      noun="products"
      icon={Package}
      resource={products}
      columns={columns}
      nameOf={(row) => row.name}
      drawer={(row, close) => <ProductDrawer row={row} onClose={close} />}
    />
  );
}

type Values = Omit<Product, "id">;

function ProductDrawer({ row, onClose }: { row: Product | null; onClose: () => void }) {
  const { t } = useTranslation(["customer-settings", "admin"]);
  const required = { required: true, message: t("admin:form.required") };
  return (
    <RecordDrawer<Values>
      key={row?.id ?? "new"}
      title={row?.name ?? t("admin:products.add")}
      initial={row ?? { warranty_months: 0, is_active: true }}
      save={(values) => (row ? products.change(row.id, values) : products.create(values))}
      onClose={onClose}
    >
      <Form.Item name="code" label={t("code")} rules={[{ ...required, whitespace: true }]}>
        <Input maxLength={40} autoFocus={!row} />
      </Form.Item>
      <Form.Item name="name" label={t("name")} rules={[{ ...required, whitespace: true }]}>
        <Input maxLength={200} />
      </Form.Item>
      <Form.Item
        name="warranty_months"
        label={t("warrantyMonths")}
        extra={t("warrantyHint")}
        rules={[required]}
      >
        <InputNumber min={0} max={600} precision={0} style={{ width: "100%" }} />
      </Form.Item>
      <Form.Item name="is_active" label={t("onSale")} valuePropName="checked" extra={t("retiredHint")}>
        <Switch />
      </Form.Item>
    </RecordDrawer>
  );
}
