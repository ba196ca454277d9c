import { expect, it } from "vitest";
import { findDifferences, toChosen } from "./comparison";
import type { Customer } from "./queries";

const base = { name: "A", company: "", note: "", owner: null, birthday: null, custom: {} };
const kept = { ...base, company: "X", custom: { colour: "red" } } as unknown as Customer;
const merged = {
  ...base,
  company: "Y",
  note: "n",
  birthday: { year: null, month: 5, day: 20 },
} as unknown as Customer;
const fields = ["birthday", "name", "company", "note"];

it("shows only what differs and proposes what the kept one lacks", () => {
  expect(findDifferences(kept, merged, fields)).toEqual([
    { field: "birthday", kept: "", merged: "5-20", side: "merged" },
    { field: "company", kept: "X", merged: "Y", side: "kept" },
    { field: "note", kept: "", merged: "n", side: "merged" },
    { field: "custom.colour", kept: "red", merged: "", side: "kept" },
  ]);
});

it("sends only what was chosen otherwise than proposed", () => {
  const differences = findDifferences(kept, merged, fields);
  expect(toChosen(differences, { company: "merged", note: "both", birthday: "merged" })).toEqual({
    company: "merged",
    note: "both",
  });
});
