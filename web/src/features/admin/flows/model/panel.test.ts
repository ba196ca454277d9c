import { expect, test } from "vitest";
import type { PanelField } from "./kinds";
import { fromForm, newRow, toForm } from "./panel";

const base = {
  label: "",
  label_en: "",
  hint: "",
  hint_en: "",
  is_required: true,
  least: 0,
  most: 99,
  default: null,
  unit: "",
  choices: [],
  columns: [],
  shown_by: "",
  shown_for: [],
};
const FIELDS = [
  { ...base, name: "prompt", kind: "prompt" },
  { ...base, name: "keys", kind: "keys" },
  { ...base, name: "tries", kind: "number", default: 3 },
  { ...base, name: "class", kind: "class", is_required: false },
] satisfies PanelField[];

test("a configuration comes back from the form as it went, and what no field knows stays", () => {
  const config = {
    prompt: { key: "menu" },
    keys: { "0": "again", "1": "a", "#": "end" },
    tries: 2,
    colour: "red",
  };
  const form = toForm(FIELDS, config);
  expect(form.keys).toEqual([
    { key: "1", value: "a" },
    { key: "0", value: "again" },
    { key: "#", value: "end" },
  ]);
  expect(fromForm(FIELDS, config, form)).toEqual(config);
});

test("what was never said is the default, and what is emptied is left out", () => {
  const form = toForm(FIELDS, {});
  expect(form).toMatchObject({ tries: 3, keys: [] });
  expect(
    fromForm(FIELDS, { class: "vip", prompt: { key: "x" } }, { ...form, class: "", prompt: undefined }),
  ).toEqual({
    tries: 3,
    keys: {},
  });
});

const CASES: PanelField = {
  ...base,
  name: "cases",
  kind: "rows",
  columns: [
    { ...base, name: "name", kind: "text" },
    { ...base, name: "match", kind: "choice", default: "all" },
    { ...base, name: "prompt", kind: "prompt" },
    { ...base, name: "conditions", kind: "rows", columns: [{ ...base, name: "value", kind: "value" }] },
  ],
};

test("rows in rows come back as they went, with their exits", () => {
  const cases = [
    { exit: "gold", name: "金卡", match: "any", prompt: { key: "hi" }, conditions: [{ value: "level" }] },
    { exit: "rest", name: "其他", match: "all", prompt: { key: "ho" }, conditions: [] },
  ];
  const form = toForm([CASES], { cases });
  expect((form.cases as { prompt: unknown }[])[0]?.prompt).toBe("hi");
  expect(fromForm([CASES], {}, form)).toEqual({ cases });
});

test("a new row has the defaults and an exit that no other row has", () => {
  expect(newRow(CASES, [{ exit: "case_1" }, { exit: "case_3" }])).toMatchObject({
    exit: "case_2",
    match: "all",
  });
  expect(newRow(CASES, undefined)).toMatchObject({ exit: "case_1", conditions: [] });
});
