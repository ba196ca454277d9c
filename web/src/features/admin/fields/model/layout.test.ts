import { expect, it } from "vitest";
import type { FormSection, RecordForm } from "@/ui/record-form/model";
import {
  addSection,
  changeField,
  moveSection,
  putField,
  removeField,
  removeSection,
  type Step,
  stepField,
  unplaced,
} from "./layout";

const section = (name: string, ...fields: string[]): FormSection => ({
  name,
  name_en: "",
  columns: 2,
  places: fields.map((field) => ({ field, is_wide: false, is_read_only: false, show_when: null })),
});
const shape = (sections: readonly FormSection[]) =>
  sections.map(({ places }) => places.map(({ field }) => field).join("")).join(" ");
const start = [section("1", "a", "b", "c"), section("2", "d")];

it.each([
  ["a", 0, 3, "bca d"],
  ["c", 0, 0, "cab d"],
  ["a", 0, 1, "abc d"],
  ["b", 1, 0, "ac bd"],
  ["b", 1, 1, "ac db"],
  ["z", 1, 1, "abc dz"],
  ["a", 9, 0, "abc d"],
])("puts %s into section %i before place %i", (field, to, index, expected) => {
  expect(shape(putField(start, field, { section: to, index }))).toBe(expected);
  expect(shape(start)).toBe("abc d");
});

it.each<[string, Step, string]>([
  ["b", "up", "bac d"],
  ["b", "down", "acb d"],
  ["a", "up", "abc d"],
  ["c", "down", "abc d"],
  ["b", "next", "ac db"],
  ["d", "previous", "abcd "],
  ["d", "next", "abc d"],
])("moves %s by keyboard %s", (field, step, expected) => {
  expect(shape(stepField(start, field, step))).toBe(expected);
});

it("keeps the fields of a section that is taken away", () => {
  expect(shape(removeSection(start, 1))).toBe("abcd");
  expect(shape(removeSection(start, 0))).toBe("dabc");
  expect(shape(removeSection([section("1", "a")], 0))).toBe("a");
});

it("moves, adds and changes without touching the rest", () => {
  expect(shape(moveSection(start, 1, -1))).toBe("d abc");
  expect(shape(moveSection(start, 0, -1))).toBe("abc d");
  expect(shape(addSection(start, "3", ""))).toBe("abc d ");
  expect(shape(removeField(start, "b"))).toBe("ac d");
  expect(changeField(start, "b", { is_wide: true })[0]?.places.map((place) => place.is_wide)).toEqual([
    false,
    true,
    false,
  ]);
});

it("knows which fields are not on the form", () => {
  const form = { built_in: [{ code: "a" }, { code: "z" }], fields: [{ code: "card" }] } as RecordForm;
  expect(unplaced(form, start)).toEqual(["z", "custom.card"]);
});
