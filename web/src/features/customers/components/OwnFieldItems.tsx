import { useQuery } from "@tanstack/react-query";
import { Form } from "antd";
import { useLive } from "@/live/store";
import { customCode, type RecordValues } from "@/ui/record-form/model";
import { formQuery } from "@/ui/record-form/query";
import { RecordFields } from "@/ui/record-form/RecordFields";
import type { Customer } from "../model/queries";

/** The company's own fields of a customer, as the layout of the customer's kind places them. */
export function OwnFieldItems({ customer }: { customer: Customer | null }) {
  const form = Form.useFormInstance();
  const values = Form.useWatch<RecordValues>([], form) ?? {};
  const colleagues = useLive((state) => state.colleagues);
  const { data } = useQuery(formQuery("customer", customer?.kind ?? "person"));
  if (!data || data.fields.length === 0) return null;
  const sections = data.sections.map((section) => ({
    ...section,
    places: section.places.filter((place) => customCode(place.field) !== undefined),
  }));
  return (
    <RecordFields
      form={{ ...data, sections }}
      allSections={data.sections}
      builtIn={() => null}
      stored={{ custom: customer?.custom }}
      users={colleagues.map(({ id, name }) => ({ value: id, label: name }))}
      values={values}
    />
  );
}
