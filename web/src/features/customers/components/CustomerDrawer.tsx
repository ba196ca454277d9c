import { useQueryClient } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { api, bodyOf, type Schema } from "@/api/client";
import { ApiProblem } from "@/api/problem";
import { FormDrawer } from "@/ui/FormDrawer";
import { type CustomerFields, emptyFields, toBody, toFields, toLineName } from "../model/form";
import type { Customer } from "../model/queries";
import { CustomerFieldItems } from "./CustomerFieldItems";
import { OwnFieldItems } from "./OwnFieldItems";

interface Props {
  /** Null for a new one. */
  customer: Customer | null;
  onClose: () => void;
  onSaved: (customer: Customer) => void;
}

/** Create a customer or correct one, numbers and owner included. */
export function CustomerDrawer({ customer, onClose, onSaved }: Props) {
  const { t } = useTranslation("customers");
  const queryClient = useQueryClient();
  const send = (body: Schema<"CustomerIn">) =>
    bodyOf(
      customer
        ? api.PATCH("/api/customers/{customer_id}", { params: { path: { customer_id: customer.id } }, body })
        : api.POST("/api/customers", { body }),
    );
  const save = async (fields: CustomerFields) => {
    const saved = await send(toBody(fields, customer)).catch((error: unknown) => {
      if (!(error instanceof ApiProblem)) throw error;
      const renamed = Object.entries(error.fields).map(([field, code]) => [
        toLineName(field, fields.numbers),
        code,
      ]);
      throw new ApiProblem({ ...error, fields: Object.fromEntries(renamed), title: error.message });
    });
    queryClient.setQueryData(["customers", saved.id], saved);
    await Promise.all([
      queryClient.invalidateQueries({ queryKey: ["customers"] }),
      queryClient.invalidateQueries({ queryKey: ["interactions"] }),
    ]);
    onSaved(saved);
  };
  return (
    <FormDrawer<CustomerFields>
      title={customer ? t("form.edit", { name: customer.name }) : t("form.create")}
      isOpen
      initial={customer ? toFields(customer) : emptyFields()}
      onSubmit={save}
      onClose={onClose}
      width={520}
    >
      <CustomerFieldItems owner={customer?.owner ?? null} />
      <OwnFieldItems customer={customer} />
    </FormDrawer>
  );
}
