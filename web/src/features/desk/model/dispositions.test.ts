import { expect, it } from "vitest";
import { toChoices } from "./dispositions";

const tree = [
  { id: 1, parent_id: null, name: "Service", name_en: "After-sales" },
  { id: 2, parent_id: 1, name: "Repair", name_en: "" },
  { id: 3, parent_id: null, name: "Other", name_en: "" },
  { id: 4, parent_id: 99, name: "Orphan", name_en: "" },
];

it("offers the leaves with their whole path, in the reader's language", () => {
  expect(toChoices(tree, "en")).toEqual([
    { value: 2, label: "After-sales / Repair" },
    { value: 3, label: "Other" },
    { value: 4, label: "Orphan" },
  ]);
});

it("does not hang on a circle", () => {
  const circle = [
    { id: 1, parent_id: 2, name: "a", name_en: "" },
    { id: 2, parent_id: 1, name: "b", name_en: "" },
    { id: 3, parent_id: 1, name: "c", name_en: "" },
  ];
  expect(toChoices(circle, "zh")).toHaveLength(1);
});
