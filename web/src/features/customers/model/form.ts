/** What the form of a customer holds, and what of it is sent. */
import type { Schema } from "@/api/client";
import { customChanges } from "@/ui/record-form/model";
import type { Customer, CustomerNumber } from "./queries";

/** One line of the list of numbers: a stored number keeps its `id`; `typed` is what the reader may see of it, or typed. */
export interface NumberLine {
  id?: number | undefined;
  typed: string;
}

export interface CustomerFields {
  name: string;
  company: string;
  gender: Customer["gender"];
  level: Customer["level"];
  product: string;
  /** "2026-11-21" */
  purchased_on: string | null;
  address: string;
  hobbies: string;
  note: string;
  owner_id: number | null;
  numbers: NumberLine[];
  /** the company's own fields by code */
  custom?: Record<string, unknown>;
}

/** What a reader without the right to clear numbers sees in the field of a stored number. */
export function shownNumber(number: CustomerNumber): string {
  return number.number ?? number.masked;
}

export function emptyFields(): CustomerFields {
  return {
    name: "",
    company: "",
    gender: "unknown",
    level: "ordinary",
    product: "",
    purchased_on: null,
    address: "",
    hobbies: "",
    note: "",
    owner_id: null,
    numbers: [{ typed: "" }],
  };
}

export function toFields(customer: Customer): CustomerFields {
  const { name, company, gender, level, product, purchased_on, address, hobbies, note, owner } = customer;
  return {
    ...{ name, company, gender, level, product, purchased_on, address, hobbies, note },
    owner_id: owner?.id ?? null,
    custom: customer.custom,
    numbers: customer.numbers.map((number) => ({ id: number.id, typed: shownNumber(number) })),
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
      if (line.id === undefined) return { number: typed };
      return shown.get(line.id) === typed ? { id: line.id } : { id: line.id, number: typed };
    });
}

/** A refusal names a number by its place among those sent; the form knows it by its line, empty ones counted. */
export function toLineName(field: string, lines: readonly NumberLine[]): string {
  const sent = /^numbers\.(\d+)\.number$/.exec(field)?.[1];
  if (sent === undefined) return field;
  const filled = lines.flatMap((line, index) => (line.typed.trim() === "" ? [] : [index]));
  return `numbers.${filled[Number(sent)] ?? sent}.typed`;
}

/** What the form knows; the server leaves the rest as it is, or gives a new record its defaults. */
export function toBody(fields: CustomerFields, customer: Customer | null) {
  const { custom, ...rest } = fields;
  return {
    ...rest,
    numbers: toNumbers(fields.numbers ?? [], customer?.numbers ?? []),
    ...(custom && { custom: customChanges(customer?.custom ?? {}, custom) }),
  } as Schema<"CustomerIn">;
}
