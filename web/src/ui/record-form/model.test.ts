import { describe, expect, it } from "vitest";
import {
  choosable,
  customChanges,
  type FieldDefinition,
  type FormSection,
  fitsPattern,
  type ShowWhen,
  shownFields,
} from "./model";

const when = (field: string, comparison: ShowWhen["comparison"], ...values: string[]): ShowWhen => ({
  field,
  comparison,
  values,
});
const place = (field: string, show_when: ShowWhen | null = null) => ({
  field,
  show_when,
  is_wide: false,
  is_read_only: false,
});
const section = (...places: ReturnType<typeof place>[]): FormSection[] => [
  { name: "资料", name_en: "Profile", columns: 2, places },
];

describe("what a form shows", () => {
  const sections = section(
    place("kind"),
    place("custom.car", when("kind", "is_any_of", "person")),
    place("custom.plate", when("custom.car", "is_any_of", "true")),
  );

  it.each([
    [{ kind: "person", custom: { car: true } }, ["kind", "custom.car", "custom.plate"]],
    [{ kind: "person", custom: { car: false } }, ["kind", "custom.car"]],
    [{ kind: "company", custom: { car: true } }, ["kind"]],
  ])("hides with a field what depends on it: %j", (values, fields) => {
    expect([...shownFields(sections, values)]).toEqual(fields);
  });

  it.each([
    ["is_filled", 0, true],
    ["is_filled", [], false],
    ["is_empty", "", true],
    ["is_none_of", "b", true],
    ["is_none_of", ["a", "b"], false],
  ] as const)("compares by %s with %j", (comparison, value, isShown) => {
    const both = section(place("a"), place("b", when("a", comparison, "a")));
    expect(shownFields(both, { a: value }).has("b")).toBe(isShown);
  });

  it("lets a loop hide itself and ends", () => {
    const loop = section(place("a", when("b", "is_empty")), place("b", when("a", "is_empty")));
    expect(shownFields(loop, {}).size).toBe(0);
  });
});

describe("what is sent", () => {
  it("is what differs, null where a value shall go", () => {
    const stored = { card: "gold", tags: ["a"], note: "x" };
    const values = { card: undefined, tags: ["a"], note: "y", points: 3, plate: "" };
    expect(customChanges(stored, values)).toEqual({ card: null, note: "y", points: 3 });
  });
});

it("offers a retired option only to the record that has it", () => {
  const options = [
    { code: "new", name: "新", name_en: "", is_retired: false },
    { code: "old", name: "旧", name_en: "", is_retired: true },
  ];
  const field = { options } as FieldDefinition;
  expect(choosable(field, "old").map((option) => option.code)).toEqual(["new", "old"]);
  expect(choosable(field, ["new"]).map((option) => option.code)).toEqual(["new"]);
});

it.each([
  ["SN-9999-AA", "SN-2026-xy", true],
  ["SN-9999-AA", "SN-20265-xy", false],
  ["京A-*****|99999", "12345", true],
  ["\\9\\A", "9A", true],
  ["999", "１２３", false],
])("the template %s and %s", (pattern, text, doesFit) => {
  expect(fitsPattern(pattern, text)).toBe(doesFit);
});
