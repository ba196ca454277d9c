import { useQueryClient } from "@tanstack/react-query";
import { lazy, Suspense, useState } from "react";
import { useTranslation } from "react-i18next";
import { api, bodyOf } from "@/api/client";
import { ApiProblem } from "@/api/problem";
import { FormDrawer } from "@/ui/FormDrawer";
import { findConflicts, joined } from "../model/conflict";
import { emptyFields, type CustomerFields as Fields, toBody, toFieldName, toFields } from "../model/form";
import { type Customer, customerQuery } from "../model/queries";
import type { Meanwhile } from "./ConflictDialog";
import { CustomerFields } from "./CustomerFields";
import { TypedDuplicates } from "./TypedDuplicates";

const ConflictDialog = lazy(async () => ({ default: (await import("./ConflictDialog")).ConflictDialog }));

interface Props {
  /** Null for a new one. */
  customer: Customer | null;
  onClose: () => void;
  onSaved: (customer: Customer) => void;
}

interface Question {
  base: Fields;
  mine: Fields;
  theirs: Fields;
  meanwhile: Meanwhile[];
  decide: (fields: Fields) => void;
  leave: () => void;
}

/** The refusal as the form tells it: who changed the customer since. */
function changedBy(error: ApiProblem): ApiProblem {
  const changes = (error.facts.changes ?? []) as Meanwhile[];
  const names = [...new Set(changes.map(({ by }) => by))].join(", ");
  return new ApiProblem({ code: "customer_changed", status: error.status, facts: { names } });
}

/** Create a customer or correct one, numbers and owner included. Who else saved meanwhile is told before anything is. */
export function CustomerDrawer({ customer: given, onClose, onSaved }: Props) {
  const { t } = useTranslation("customers");
  const queryClient = useQueryClient();
  // what the form began with: the page behind may read the record anew while somebody types
  const [customer] = useState(given);
  const [question, setQuestion] = useState<Question | null>(null);

  const change = async (seen: Customer, fields: Fields): Promise<Customer> => {
    const body = { ...toBody(fields, seen), version: seen.version };
    const params = { path: { customer_id: seen.id } };
    try {
      return await bodyOf(api.PATCH("/api/customers/{customer_id}", { params, body }));
    } catch (error) {
      if (!(error instanceof ApiProblem) || error.code !== "stale_version") throw error;
      const fresh = await queryClient.fetchQuery({ ...customerQuery(seen.id), staleTime: 0 });
      const decided = await new Promise<Fields | null>((resolve) => {
        setQuestion({
          base: toFields(seen),
          mine: fields,
          theirs: toFields(fresh),
          meanwhile: (error.facts.changes ?? []) as Meanwhile[],
          decide: resolve,
          leave: () => resolve(null),
        });
      });
      setQuestion(null);
      if (!decided) throw changedBy(error);
      return change(fresh, decided);
    }
  };
  const save = async (fields: Fields) => {
    const sending = customer
      ? change(customer, fields)
      : bodyOf(api.POST("/api/customers", { body: toBody(fields, null) }));
    const saved = await sending.catch((error: unknown) => {
      if (!(error instanceof ApiProblem)) throw error;
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
    <>
      <FormDrawer<Fields>
        title={customer ? t("form.edit", { name: customer.name }) : t("form.create")}
        isOpen
        initial={customer ? toFields(customer) : emptyFields()}
        onSubmit={save}
        onClose={onClose}
        width={560}
      >
        <TypedDuplicates customer={customer} />
        <CustomerFields customer={customer} />
      </FormDrawer>
      {question && (
        <Suspense fallback={null}>
          <ConflictDialog
            conflicts={findConflicts(question.base, question.mine, question.theirs)}
            meanwhile={question.meanwhile}
            onDecide={(choices) =>
              question.decide(joined(question.base, question.mine, question.theirs, choices))
            }
            onBack={question.leave}
          />
        </Suspense>
      )}
    </>
  );
}
