import { useQueryClient } from "@tanstack/react-query";
import { useRef } from "react";
import { useTranslation } from "react-i18next";
import { api, bodyOf } from "@/api/client";
import { ApiProblem } from "@/api/problem";
import { FormDrawer } from "@/ui/FormDrawer";
import { emptyFields, type CustomerFields as Fields, toBody, toFieldName, toFields } from "../model/form";
import type { Customer } from "../model/queries";
import { CustomerFields } from "./CustomerFields";

interface Props {
  /** Null for a new one. */
  customer: Customer | null;
  onClose: () => void;
  onSaved: (customer: Customer) => void;
}

/** Create a customer or correct one, in the form that the company arranged. */
export function CustomerDrawer({ customer, onClose, onSaved }: Props) {
  const { t } = useTranslation("customers");
  const queryClient = useQueryClient();
  // after a refusal the newest version that was told of: saving again is meant
  const seen = useRef(customer?.version ?? null);
  const send = (fields: Fields) => {
    const body = toBody(fields, customer);
    if (!customer) return bodyOf(api.POST("/api/customers", { body }));
    const path = { customer_id: customer.id };
    return bodyOf(
      api.PATCH("/api/customers/{customer_id}", {
        params: { path },
        body: { ...body, version: seen.current },
      }),
    );
  };
  const save = async (fields: Fields) => {
    const saved = await send(fields).catch((error: unknown) => {
      if (!(error instanceof ApiProblem)) throw error;
      if (error.code === "stale_version") {
        seen.current = Number(error.facts.version);
        throw new ApiProblem({ code: "customer_changed", status: error.status, facts: who(error) });
      }
      const renamed = Object.entries(error.fields).map(([field, code]) => [
        toFieldName(field, fields.numbers ?? []),
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
    <FormDrawer<Fields>
      title={customer ? t("form.edit", { name: customer.name }) : t("form.create")}
      isOpen
      initial={customer ? toFields(customer) : emptyFields()}
      onSubmit={save}
      onClose={onClose}
      width={560}
    >
      <CustomerFields customer={customer} />
    </FormDrawer>
  );
}

/** Who changed the customer since the form was opened. */
function who(error: ApiProblem): { names: string } {
  const changes = (error.facts.changes ?? []) as { by: string }[];
  return { names: [...new Set(changes.map(({ by }) => by))].join(", ") };
}
