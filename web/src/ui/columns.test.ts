import { expect, it } from "vitest";
import { choosableColumns, shownColumns } from "./columns";

const columns = [
  { key: "name", title: "Name" },
  { key: "company", title: "Company" },
  { key: "custom.card", title: "Card" },
  { key: "actions", title: null },
];
const keys = (shown: { key?: unknown }[]) => shown.map((column) => column.key);

it("lets the reader choose among the named columns but the first", () => {
  expect(choosableColumns(columns).map((column) => column.key)).toEqual(["company", "custom.card"]);
});

it("shows what was chosen, or all but what begins hidden; what cannot be chosen stays", () => {
  expect(keys(shownColumns(columns, undefined, ["custom.card"]))).toEqual(["name", "company", "actions"]);
  expect(keys(shownColumns(columns, ["custom.card"], ["custom.card"]))).toEqual([
    "name",
    "custom.card",
    "actions",
  ]);
  expect(keys(shownColumns(columns, [], []))).toEqual(["name", "actions"]);
});
