import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { Form, Input, Select, Switch, type TableProps } from "antd";
import { Hash } from "lucide-react";
import { useTranslation } from "react-i18next";
import { formatNumber } from "@/lib/numbers";
import { StatusTag } from "@/ui/StatusTag";
import { RecordDrawer } from "../components/RecordDrawer";
import { RecordLink } from "../components/RecordLink";
import { RecordsPage } from "../components/RecordsPage";
import { numbers, type PhoneNumber } from "../model/api";
import { allFlows } from "../model/queries";

/** The numbers the company is called on, each leading to a flow. */
export function NumbersPage() {
  const { t } = useTranslation("admin");
  const flows = new Map(useQuery(allFlows).data?.map((flow) => [flow.id, flow]));
  const columns: NonNullable<TableProps<PhoneNumber>["columns"]> = [
    {
      key: "number",
      title: t("numbers.number"),
      sorter: true,
      render: (_, { id, number, is_vip }) => (
        <>
          <RecordLink id={id}>
            <span className="numbers">{formatNumber(number)}</span>
          </RecordLink>{" "}
          {is_vip && <StatusTag tone="acw">{t("numbers.vip")}</StatusTag>}
        </>
      ),
    },
    { key: "name", title: t("numbers.name"), sorter: true, dataIndex: "name" },
    {
      key: "flow_id",
      title: t("numbers.flow"),
      render: (_, { flow_id }) => {
        const flow = flows.get(flow_id);
        return (
          <>
            <Link to={`/admin/flows/${flow_id}` as string}>{flow?.name ?? `#${flow_id}`}</Link>{" "}
            {flow?.version === 0 && <StatusTag tone="ring">{t("numbers.unpublished")}</StatusTag>}
          </>
        );
      },
    },
  ];
  return (
    <RecordsPage<PhoneNumber>
      noun="numbers"
      icon={Hash}
      resource={numbers}
      columns={columns}
      nameOf={({ number }) => formatNumber(number)}
      drawer={(row, close) => <NumberDrawer number={row} onClose={close} />}
    />
  );
}

function NumberDrawer({ number, onClose }: { number: PhoneNumber | null; onClose: () => void }) {
  const { t } = useTranslation("admin");
  const flows = useQuery(allFlows);
  return (
    <RecordDrawer<Omit<PhoneNumber, "id">>
      key={number?.id ?? "new"}
      title={number ? formatNumber(number.number) : t("numbers.add")}
      initial={number ?? {}}
      save={(values) => (number ? numbers.change(number.id, values) : numbers.create(values))}
      onClose={onClose}
    >
      <Form.Item
        name="number"
        label={t("numbers.number")}
        extra={t("numbers.numberHint")}
        rules={[{ required: true, message: t("form.required") }]}
      >
        <Input maxLength={32} inputMode="tel" autoFocus={!number} autoComplete="off" />
      </Form.Item>
      <Form.Item name="name" label={t("numbers.name")} extra={t("numbers.nameHint")}>
        <Input maxLength={60} />
      </Form.Item>
      <Form.Item
        name="flow_id"
        label={t("numbers.flow")}
        extra={t("numbers.flowHint")}
        rules={[{ required: true, message: t("form.choose") }]}
      >
        <Select
          showSearch
          optionFilterProp="label"
          loading={flows.isPending}
          notFoundContent={<Link to={"/admin/flows" as string}>{t("numbers.noFlow")}</Link>}
          options={(flows.data ?? []).map(({ id, name, version }) => ({
            value: id,
            label: version === 0 ? t("numbers.flowUnpublished", { name }) : name,
          }))}
        />
      </Form.Item>
      <Form.Item
        name="is_vip"
        label={t("numbers.vipLabel")}
        extra={t("numbers.vipHint")}
        valuePropName="checked"
      >
        <Switch />
      </Form.Item>
    </RecordDrawer>
  );
}
