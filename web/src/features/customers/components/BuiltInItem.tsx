import { useQuery } from "@tanstack/react-query";
import { Form, Input, InputNumber, Select } from "antd";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { useLive } from "@/live/store";
import { DayInput } from "@/ui/DayInput";
import { GrowingTextArea } from "@/ui/GrowingTextArea";
import { tagsQuery } from "../model/attached";
import { genders, levels } from "../model/levels";
import { AddressesField } from "./AddressesField";
import { BirthdayInput } from "./BirthdayInput";
import { NumbersField } from "./NumbersField";

/** How many letters the fields of plain text hold. */
const TEXTS: Readonly<Record<string, number>> = {
  company: 200,
  hobbies: 300,
  type: 40,
  service: 100,
  credit_rating: 8,
};
const AMOUNTS: ReadonlySet<string> = new Set(["monthly_value", "credit_limit", "arrears"]);
const CHOICES = { level: levels, gender: genders } as const;

interface Props {
  code: string;
  label: string;
  isReadOnly: boolean;
  /** Who owns the customer now, whether or not still a colleague. */
  owner: { id: number; name: string } | null;
}

/** The control of a field that every customer has. */
export function BuiltInItem({ code, label, isReadOnly, owner }: Props): ReactNode {
  const { t } = useTranslation(["customers", "api"]);
  if (code === "numbers") return <NumbersField isReadOnly={isReadOnly} />;
  if (code === "addresses") return <AddressesField label={label} isReadOnly={isReadOnly} />;
  if (code === "tags") return <TagsItem label={label} isReadOnly={isReadOnly} />;
  if (code === "owner_id") return <OwnerItem label={label} isReadOnly={isReadOnly} owner={owner} />;
  const control = controlOf(code, isReadOnly, (kind, value) => t(`api:${kind}.${value as "vip"}`));
  if (!control) return null;
  return (
    <Form.Item
      name={code}
      label={label}
      {...(code === "emails" && { extra: t("form.emailsHint") })}
      rules={code === "name" ? [{ required: true, whitespace: true, message: t("form.nameMissing") }] : []}
    >
      {control}
    </Form.Item>
  );
}

function controlOf(
  code: string,
  disabled: boolean,
  words: (kind: "level" | "gender", value: string) => string,
): ReactNode {
  if (code === "name") return <Input maxLength={100} autoComplete="off" disabled={disabled} />;
  if (code === "note") return <GrowingTextArea maxLength={10_000} disabled={disabled} />;
  if (code === "birthday") return <BirthdayInput disabled={disabled} />;
  if (code === "anniversary_on") return <DayInput disabled={disabled} />;
  if (code === "emails")
    return (
      <Select
        mode="tags"
        open={false}
        suffixIcon={null}
        maxCount={20}
        tokenSeparators={[",", ";", " ", "\uff0c", "\uff1b"]}
        disabled={disabled}
      />
    );
  if (code === "level" || code === "gender")
    return (
      <Select
        options={CHOICES[code].map((value) => ({ value, label: words(code, value) }))}
        disabled={disabled}
      />
    );
  if (AMOUNTS.has(code))
    return (
      <InputNumber<string>
        stringMode
        min="0"
        precision={2}
        controls={false}
        disabled={disabled}
        style={{ width: "100%" }}
      />
    );
  const most = TEXTS[code];
  return most === undefined ? null : <Input maxLength={most} disabled={disabled} />;
}

function TagsItem({ label, isReadOnly }: { label: string; isReadOnly: boolean }) {
  const tags = useQuery(tagsQuery);
  return (
    <Form.Item name="tag_ids" label={label}>
      <Select
        mode="multiple"
        loading={tags.isPending}
        disabled={isReadOnly}
        showSearch={{ optionFilterProp: "label" }}
        options={(tags.data?.items ?? []).map(({ id, name }) => ({ value: id, label: name }))}
      />
    </Form.Item>
  );
}

function OwnerItem({ label, isReadOnly, owner }: Omit<Props, "code">) {
  const colleagues = useLive((state) => state.colleagues);
  const owners = colleagues.map(({ id, name }) => ({ value: id, label: name }));
  if (owner && !owners.some((each) => each.value === owner.id))
    owners.unshift({ value: owner.id, label: owner.name });
  return (
    <Form.Item name="owner_id" label={label} normalize={(value: number | undefined) => value ?? null}>
      <Select options={owners} allowClear disabled={isReadOnly} showSearch={{ optionFilterProp: "label" }} />
    </Form.Item>
  );
}
