/** What the form of a customer holds, and what of it is sent. */
import type { Schema } from "@/api/client";
import { customChanges } from "@/ui/record-form/model";
import type { Customer, CustomerNumber } from "./queries";

/** One line of the list of numbers: a stored number keeps its `id`; `typed` is what the reader may see of it, or typed. */
export interface NumberLine {
  id?: number | undefined;
  typed: string;
}

/** A birthday while it is filled in; the year may stay unknown. */
export interface Birthday {
  year: number | null;
  month: number | null;
  day: number | null;
}

/** All that a customer's form may hold. What its layout does not place is absent, and stays as it is. */
export interface CustomerFields {
  kind: Customer["kind"];
  name: string;
  company: string;
  gender: Customer["gender"];
  level: Customer["level"];
  hobbies: string;
  note: string;
  owner_id: number | null;
  numbers: NumberLine[];
  emails: string[];
  addresses: Partial<Customer["addresses"][number]>[];
  tag_ids: number[];
  birthday: Birthday | null;
  /** "2026-11-21" */
  anniversary_on: string | null;
  type: string;
  service: string;
  credit_rating: string;
  monthly_value: string | null;
  credit_limit: string | null;
  arrears: string | null;
  /** the company's own fields by code */
  custom?: Record<string, unknown>;
}

/** What a reader without the right to clear numbers sees in the field of a stored number. */
export function shownNumber(number: CustomerNumber): string {
  return number.number ?? number.masked;
}

/** What a new customer begins with. */
export function emptyFields(): Partial<CustomerFields> {
  return { kind: "person", gender: "unknown", level: "ordinary", numbers: [{ typed: "" }] };
}

export function toFields(customer: Customer): CustomerFields {
  const { owner, tags, numbers, birthday, ...rest } = customer;
  return {
    ...rest,
    owner_id: owner?.id ?? null,
    tag_ids: tags.map(({ id }) => id),
    birthday: birthday ? { ...birthday } : null,
    numbers: numbers.map((number) => ({ id: number.id, typed: shownNumber(number) })),
  };
}

/**
 * The numbers as the API takes them. A stored number that was not touched goes by its id alone, so that a reader who
 * sees it masked neither loses nor overwrites it; empty lines go.
 */
export function toNumbers(
  lines: readonly NumberLine[],
  stored: readonly CustomerNumber[],
): Schema<"CustomerNumberIn">[] {
  const shown = new Map(stored.map((number) => [number.id, shownNumber(number)]));
  return lines
    .filter((line) => line.typed.trim() !== "")
    .map((line) => {
      const typed = line.typed.trim();
      // a stored number that somebody else removed meanwhile is a new one
      if (line.id === undefined || !shown.has(line.id)) return { number: typed };
      return shown.get(line.id) === typed ? { id: line.id } : { id: line.id, number: typed };
    });
}

/**
 * A refusal names numbers and mails by their place among those sent; the form knows a number by its line, empty ones
 * counted, and all mails as one field.
 */
export function toFieldName(field: string, lines: readonly NumberLine[]): string {
  if (field.startsWith("emails.")) return "emails";
  if (field.startsWith("birthday.")) return "birthday";
  const sent = /^numbers\.(\d+)\.number$/.exec(field)?.[1];
  if (sent === undefined) return field;
  const filled = lines.flatMap((line, index) => (line.typed.trim() === "" ? [] : [index]));
  return `numbers.${filled[Number(sent)] ?? sent}.typed`;
}

/**
 * What is to be sent: of a new customer what was filled, of a stored one what differs. So a field that somebody else
 * changed meanwhile, or that this reader sees masked, is not written back.
 */
export function toBody(fields: Partial<CustomerFields>, customer: Customer | null) {
  const { custom, numbers, ...rest } = fields;
  const before = customer ? toFields(customer) : null;
  const isSame = (name: string, value: unknown) =>
    before !== null && JSON.stringify(value) === JSON.stringify(before[name as keyof CustomerFields]);
  const changed = Object.entries(rest).filter(([name, value]) => value !== undefined && !isSame(name, value));
  const areNumbersSent = numbers !== undefined && !isSame("numbers", numbers);
  const own = custom && customChanges(customer?.custom ?? {}, custom);
  return {
    ...Object.fromEntries(changed),
    ...(areNumbersSent && { numbers: toNumbers(numbers, customer?.numbers ?? []) }),
    ...(own && Object.keys(own).length > 0 && { custom: own }),
  } as Schema<"CustomerIn">;
}
