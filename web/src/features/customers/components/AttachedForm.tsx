import { useQuery } from "@tanstack/react-query";
import { DatePicker, Form, Input, Select } from "antd";
import type { Dayjs } from "dayjs";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { api, bodyOf } from "@/api/client";
import { FormDrawer } from "@/ui/FormDrawer";
import { channels, lists, productsQuery, purposes, relationKinds } from "../model/attached";
import { customersQuery } from "../model/queries";
import type { AttachedKind } from "./AttachedSections";

interface Values {
  product_id?: number;
  name?: string;
  serial?: string;
  purchased_on?: Dayjs | null;
  warranty_until?: Dayjs | null;
  kind?: (typeof relationKinds)[number];
  other_id?: number;
  role?: string;
  channel?: (typeof channels)[number];
  purpose?: (typeof purposes)[number];
  answer?: "given" | "withdrawn";
  how?: string;
  list?: (typeof lists)[number];
  reason?: string;
  until?: Dayjs | null;
}

function send(section: AttachedKind, customer: number, values: Values): Promise<unknown> {
  const params = { path: { customer_id: customer } };
  const day = (date?: Dayjs | null) => date?.format("YYYY-MM-DD") ?? null;
  const { serial = "", name = "", role = "", how = "", reason = "" } = values;
  if (section === "products") {
    const { product_id = null, purchased_on, warranty_until } = values;
    const dates = { purchased_on: day(purchased_on), warranty_until: day(warranty_until) };
    const body = { product_id, name, serial, note: "", ...dates };
    return bodyOf(api.POST("/api/customers/{customer_id}/products", { params, body }));
  }
  if (section === "relations") {
    const body = { kind: values.kind ?? "other", other_id: values.other_id ?? 0, role, note: "" };
    return bodyOf(api.POST("/api/customers/{customer_id}/relations", { params, body }));
  }
  if (section === "consents") {
    const { channel = "call", purpose = "service", answer } = values;
    const body = { channel, purpose, is_given: answer === "given", how };
    return bodyOf(api.POST("/api/customers/{customer_id}/consents", { params, body }));
  }
  const { list = "vip", until } = values;
  const body = { list, customer_id: customer, reason, expires_at: until?.toISOString() ?? null };
  return bodyOf(api.POST("/api/lists", { body }));
}

interface Props {
  kind: AttachedKind;
  customer: number;
  onClose: () => void;
  onSaved: () => void;
}

/** Asks for what is to be attached to a customer. */
export function AttachedForm({ kind, customer, onClose, onSaved }: Props) {
  const { t } = useTranslation("customers");
  const titles = {
    products: "addProduct",
    relations: "addRelation",
    consents: "addConsent",
    lists: "addEntry",
  } as const;
  return (
    <FormDrawer<Values>
      title={t(`section.${titles[kind]}`)}
      isOpen
      initial={{}}
      onSubmit={async (values) => {
        await send(kind, customer, values);
        onSaved();
      }}
      onClose={onClose}
    >
      {kind === "products" && <ProductItems />}
      {kind === "relations" && <RelationItems />}
      {kind === "consents" && <ConsentItems />}
      {kind === "lists" && <EntryItems />}
    </FormDrawer>
  );
}

function useRequired() {
  const { t } = useTranslation("customers");
  return [{ required: true, message: t("bulk.missing") }];
}

function ProductItems() {
  const { t } = useTranslation("customers");
  const products = (useQuery(productsQuery).data?.items ?? []).map(({ id, name }) => ({
    value: id,
    label: name,
  }));
  return (
    <>
      {products.length > 0 && (
        <Form.Item name="product_id" label={t("section.catalogue")}>
          <Select options={products} allowClear showSearch={{ optionFilterProp: "label" }} />
        </Form.Item>
      )}
      <Form.Item name="name" label={t("section.name")}>
        <Input maxLength={200} />
      </Form.Item>
      <Form.Item name="serial" label={t("section.serial")}>
        <Input maxLength={80} />
      </Form.Item>
      <Form.Item name="purchased_on" label={t("field.purchased")}>
        <DatePicker style={{ width: "100%" }} />
      </Form.Item>
      <Form.Item name="warranty_until" label={t("section.warrantyUntil")}>
        <DatePicker style={{ width: "100%" }} />
      </Form.Item>
    </>
  );
}

function RelationItems() {
  const { t } = useTranslation("customers");
  const required = useRequired();
  const [text, setText] = useState("");
  const found = useQuery({
    ...customersQuery({ search: text, page: 1, page_size: 20 }),
    enabled: text !== "",
  });
  const others = (found.data?.items ?? []).map(({ id, name, company }) => ({
    value: id,
    label: [name, company].filter(Boolean).join(" · "),
  }));
  return (
    <>
      <Form.Item name="kind" label={t("section.relations")} rules={required}>
        <Select options={relationKinds.map((value) => ({ value, label: t(`relation.from.${value}`) }))} />
      </Form.Item>
      <Form.Item name="other_id" label={t("section.other")} rules={required}>
        <Select
          showSearch={{ filterOption: false, onSearch: setText }}
          options={others}
          placeholder={t("search")}
        />
      </Form.Item>
      <Form.Item name="role" label={t("section.role")}>
        <Input maxLength={60} />
      </Form.Item>
    </>
  );
}

function ConsentItems() {
  const { t } = useTranslation("customers");
  const required = useRequired();
  return (
    <>
      <Form.Item name="channel" label={t("section.channel")} rules={required}>
        <Select options={channels.map((value) => ({ value, label: t(`channels.${value}`) }))} />
      </Form.Item>
      <Form.Item name="purpose" label={t("section.purpose")} rules={required}>
        <Select options={purposes.map((value) => ({ value, label: t(`purposes.${value}`) }))} />
      </Form.Item>
      <Form.Item name="answer" label={t("section.answer")} rules={required}>
        <Select
          options={(["given", "withdrawn"] as const).map((value) => ({
            value,
            label: t(`section.${value}`),
          }))}
        />
      </Form.Item>
      <Form.Item name="how" label={t("section.how")}>
        <Input maxLength={200} />
      </Form.Item>
    </>
  );
}

function EntryItems() {
  const { t } = useTranslation("customers");
  const required = useRequired();
  return (
    <>
      <Form.Item name="list" label={t("field.lists")} rules={required}>
        <Select options={lists.map((value) => ({ value, label: t(`lists.${value}`) }))} />
      </Form.Item>
      <Form.Item name="reason" label={t("field.reason")} rules={required}>
        <Input maxLength={300} />
      </Form.Item>
      <Form.Item name="until" label={t("section.until")}>
        <DatePicker showTime style={{ width: "100%" }} />
      </Form.Item>
    </>
  );
}
