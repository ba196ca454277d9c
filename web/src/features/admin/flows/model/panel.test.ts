import { expect, test } from "vitest";
import type { PanelField } from "./kinds";
import { fromForm, toForm } from "./panel";

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
