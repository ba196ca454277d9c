import { useQuery } from "@tanstack/react-query";
import { Form, Skeleton } from "antd";
import { useTranslation } from "react-i18next";
import { type FieldAccess, useFieldAccess, useRight } from "@/api/session";
import { localName } from "@/lib/names";
import { useLive } from "@/live/store";
import { Choice } from "@/ui/Choice";
import { ErrorNotice } from "@/ui/ErrorNotice";
import type { FormSection, RecordValues } from "@/ui/record-form/model";
import { formQuery } from "@/ui/record-form/query";
import { RecordFields } from "@/ui/record-form/RecordFields";
import { kinds } from "../model/attached";
import type { Customer } from "../model/queries";
import { BuiltInItem } from "./BuiltInItem";

type Kind = Customer["kind"];

/**
 * A customer's form as the layout of its kind places the fields. `customer` is null for a new one, whose kind is chosen.
 * What one's role hides is not there; what it does not let change stands still.
 */
export function CustomerFields({ customer }: { customer: Customer | null }) {
  const { t, i18n } = useTranslation("customers");
  const form = Form.useFormInstance();
  const values = Form.useWatch<RecordValues>([], form) ?? {};
  const access = useFieldAccess("customer");
  const mayAssign = useRight("customers.assign");
  const colleagues = useLive((state) => state.colleagues);
  const kind = customer?.kind ?? (values.kind as Kind | undefined) ?? "person";
  const { data, error, refetch } = useQuery(formQuery("customer", kind));
  return (
    <>
      {customer === null && (
        <Form.Item name="kind" label={t("field.kind")}>
          <KindInput />
        </Form.Item>
      )}
      {error && <ErrorNotice error={error} onRetry={() => void refetch()} />}
      {!data && !error && <Skeleton active title={false} />}
      {data && (
        <RecordFields
          form={{ ...data, sections: within(data.sections, access) }}
          allSections={data.sections}
          builtIn={(code, { isReadOnly }) => (
            <BuiltInItem
              code={code}
              label={localName(data.built_in.find((each) => each.code === code) ?? NO_NAME, i18n.language)}
              isReadOnly={isReadOnly || (code === "owner_id" && customer !== null && !mayAssign)}
              owner={customer?.owner ?? null}
            />
          )}
          stored={{ custom: customer?.custom }}
          users={colleagues.map(({ id, name }) => ({ value: id, label: name }))}
          values={{ ...values, tags: values.tag_ids }}
        />
      )}
    </>
  );
}

/** The sections without what the role hides; what it may only see is for reading. */
function within(sections: FormSection[], access: (field: string) => FieldAccess): FormSection[] {
  return sections.map((section) => ({
    ...section,
    places: section.places
      .filter(({ field }) => access(field) !== "hide")
      .map((place) => ({ ...place, is_read_only: place.is_read_only || access(place.field) !== "write" })),
  }));
}

const NO_NAME = { name: "", name_en: "" };

function KindInput({ value, onChange }: { value?: Kind; onChange?: (kind: Kind) => void }) {
  const { t } = useTranslation("customers");
  return (
    <Choice<Kind>
      label={t("field.kind")}
      value={value ?? ""}
      options={kinds.map((each) => ({ value: each, label: t(`kinds.${each}`) }))}
      onChange={(each) => onChange?.(each)}
    />
  );
}
