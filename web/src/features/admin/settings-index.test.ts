import { expect, it } from "vitest";
import en from "./locales/en.json";
import zh from "./locales/zh.json";
import pinyin from "./model/pinyin.json";
import { findSettings, settings, settingsIndex, typedForms } from "./settings-index";

const wordsOf = (tree: object) => (key: string) =>
  key.split(".").reduce<unknown>((at, part) => (at as Record<string, unknown>)[part], tree) as string;
const chinese = settingsIndex(wordsOf(zh));
const english = settingsIndex(wordsOf(en));
const found = (index: typeof chinese, typed: string) =>
  findSettings(index, typed).map(({ section, isSingle }) => `${section}${isSingle ? "*" : ""}`);

it("has words in both languages for every page and every setting", () => {
  for (const { name } of [...chinese, ...english]) expect(name).toMatch(/\S/);
  expect(chinese.length).toBe(english.length);
  expect(chinese.filter(({ isSingle }) => isSingle).length).toBe(settings.length);
});

it("knows the pinyin of every sign of these names", () => {
  const signs = new Set(
    chinese.flatMap(({ name }) => [...name].filter((sign) => /[\u4e00-\u9fff]/.test(sign))),
  );
  expect([...signs].filter((sign) => !(sign in pinyin))).toEqual([]);
});

it("finds a page and a single setting by words, initials and pinyin", () => {
  expect(found(chinese, "自定义")).toContain("fields");
  expect(found(chinese, "zdyzd")).toContain("fields");
  expect(found(chinese, "shiqu")).toContain("company*");
  expect(found(chinese, "hhzl")).toContain("queues*");
  expect(found(english, "custom fields")).toContain("fields");
  expect(found(english, "time zone")).toContain("company*");
  expect(found(english, "  ")).toEqual([]);
});

it("spells out letters and digits as they are", () => {
  expect(typedForms("SIP话机")).toBe("siphj siphuaji");
});
