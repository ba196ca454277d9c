import { describe, expect, it } from "vitest";
import { toBody, toFieldName, toFields, toNumbers } from "./form";
import type { Customer, CustomerNumber } from "./queries";

const stored: CustomerNumber[] = [
  {
    id: 1,
    number: null,
    masked: "138****5678",
    place: "Hangzhou",
    kind: "mobile",
    use: "other",
    is_primary: false,
  },
  {
    id: 2,
    number: null,
    masked: "0571****1234",
    place: "Hangzhou",
    kind: "landline",
    use: "other",
    is_primary: false,
  },
];

describe("toNumbers", () => {
  it("sends a masked number by its id alone, so that the stars are never saved", () => {
    expect(toNumbers([{ id: 1, typed: "138****5678" }], stored)).toEqual([{ id: 1 }]);
  });
  it("sends what was typed over a stored number, under its id", () => {
    expect(toNumbers([{ id: 1, typed: " 13900001111 " }], stored)).toEqual([
      { id: 1, number: "13900001111" },
    ]);
  });
  it("drops a line that was emptied, keeps the order and adds what is new", () => {
    expect(
      toNumbers(
        [{ id: 2, typed: "0571****1234" }, { id: 1, typed: "" }, { typed: "10086" }, { typed: " " }],
        stored,
      ),
    ).toEqual([{ id: 2 }, { number: "10086" }]);
  });
});

it("finds the line that a refusal speaks of, behind an empty one", () => {
  const lines = [{ typed: "10086" }, { typed: "" }, { typed: "1**" }];
  expect(toFieldName("numbers.1.number", lines)).toBe("numbers.2.typed");
  expect(toFieldName("owner_id", lines)).toBe("owner_id");
});

it("shows a number in clear to whoever may see it", () => {
  const number: CustomerNumber = {
    id: 1,
    number: "+8613812345678",
    masked: "138****5678",
    place: "",
    kind: "mobile",
    use: "other",
    is_primary: false,
  };
  const fields = toFields({ numbers: [number], owner: null, tags: [] } as unknown as Customer);
  expect(fields.numbers).toEqual([{ id: 1, typed: "+8613812345678" }]);
});

describe("toBody", () => {
  const customer = {
    name: "Li",
    note: "***",
    emails: ["a@example.com"],
    tags: [{ id: 3, name: "late", colour: "red" }],
    birthday: { year: null, month: 5, day: 1 },
    monthly_value: "10.00",
    numbers: stored,
    owner: null,
    custom: { grade: "gold", since: "2024-01-01" },
  } as unknown as Customer;
  it("sends nothing of a customer that nobody touched", () => {
    expect(toBody(toFields(customer), customer)).toEqual({});
  });
  it("sends what differs, and leaves what is shown masked", () => {
    const fields = { ...toFields(customer), name: "Li Na", birthday: null, custom: { grade: "silver" } };
    expect(toBody(fields, customer)).toEqual({ name: "Li Na", birthday: null, custom: { grade: "silver" } });
  });
  it("leaves what the layout does not place", () => {
    expect(toBody({ name: "Li", tag_ids: [] }, customer)).toEqual({ tag_ids: [] });
  });
});
