import { describe, expect, it } from "vitest";
import { findItems, grouped, type Item, withRecent } from "./items";

const item = (id: string, label: string, words = "", group: Item["group"] = "pages"): Item => ({
  id,
  label,
  words,
  group,
  run: () => undefined,
});
const items = [
  item("a", "客户", "customers kh"),
  item("b", "技能组", "queues 排队 成员", "settings"),
  item("c", "未接客户", "missed"),
];
const found = (search: string) => findItems(items, search).map(({ id }) => id);

describe("findItems", () => {
  it("needs every word, wherever it stands, and puts names that begin with it first", () => {
    expect(found("客户")).toEqual(["a", "c"]);
    expect(found("QUEUES 成员")).toEqual(["b"]);
    expect(found("客户 成员")).toEqual([]);
    expect(found("")).toEqual(["a", "b", "c"]);
  });
});

it("keeps the recent ones once each, the last in front, and not for ever", () => {
  expect(withRecent(["a", "b"], "b")).toEqual(["b", "a"]);
  expect(withRecent(["1", "2", "3", "4", "5", "6"], "7")).toEqual(["7", "1", "2", "3", "4", "5"]);
});

it("keeps what belongs together together", () => {
  expect([...grouped(items).entries()].map(([group, rows]) => [group, rows.length])).toEqual([
    ["pages", 2],
    ["settings", 1],
  ]);
});
