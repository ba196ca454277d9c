import { useQueryClient } from "@tanstack/react-query";
import { Form, Input, Select } from "antd";
import { useTranslation } from "react-i18next";
import { api, type Schema } from "@/api/client";
import { FormDrawer } from "@/ui/FormDrawer";
import { GrowingTextArea } from "@/ui/GrowingTextArea";

type Fields = Pick<
  Schema<"CustomerOut">,
  "name" | "company" | "level" | "gender" | "product" | "address" | "hobbies" | "note"
>;

const LEVELS = ["ordinary", "important", "vip"] as const;
const GENDERS = ["unknown", "female", "male"] as const;

/** Correct what the desk shows of a customer; numbers and owner are edited on the customer's own page. */
export function EditCustomer({
  customer,
  onClose,
}: {
  customer: Schema<"CustomerOut">;
  onClose: () => void;
}) {
  const { t } = useTranslation(["desk", "api"]);
  const queryClient = useQueryClient();
  const save = async (fields: Fields) => {
    await api.PATCH("/api/customers/{customer_id}", {
      params: { path: { customer_id: customer.id } },
      body: fields,
    });
    await Promise.all([
      queryClient.invalidateQueries({ queryKey: ["interactions"] }),
      queryClient.invalidateQueries({ queryKey: ["customers"] }),
    ]);
    onClose();
  };
  return (
    <FormDrawer<Fields>
      title={t("customer.edit")}
      isOpen
      initial={customer}
      onSubmit={save}
      onClose={onClose}
    >
      <Form.Item
        name="name"
        label={t("customer.name")}
        rules={[{ required: true, whitespace: true, message: t("customer.nameMissing") }]}
      >
        <Input maxLength={100} />
      </Form.Item>
      <Form.Item name="gender" label={t("customer.gender")}>
        <Select options={GENDERS.map((value) => ({ value, label: t(`api:gender.${value}`) }))} />
      </Form.Item>
      <Form.Item name="level" label={t("customer.level")}>
        <Select options={LEVELS.map((value) => ({ value, label: t(`api:level.${value}`) }))} />
      </Form.Item>
      <Form.Item name="company" label={t("customer.company")}>
        <Input maxLength={200} />
      </Form.Item>
      <Form.Item name="product" label={t("customer.product")}>
        <Input maxLength={200} />
      </Form.Item>
      <Form.Item name="address" label={t("customer.address")}>
        <Input maxLength={300} />
      </Form.Item>
      <Form.Item name="hobbies" label={t("customer.hobbies")}>
        <Input maxLength={300} />
      </Form.Item>
      <Form.Item name="note" label={t("customer.note")}>
        <GrowingTextArea maxLength={10_000} />
      </Form.Item>
    </FormDrawer>
  );
}
