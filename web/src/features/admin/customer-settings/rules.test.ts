import { expect, it } from "vitest";
import { toDrafts } from "./rules";

it("waits until every rule is whole, and sends words with words and amounts with amounts", () => {
  const gold = { name: " 金牌 ", conditions: [{ field: "monthly_value", values: ["x"], amount: "100" }] };
  expect(toDrafts([gold as never])).toEqual([
    {
      id: null,
      name: "金牌",
      name_en: "",
      colour: "blue",
      conditions: [{ field: "monthly_value", test: "at_least", amount: "100", values: [] }],
    },
  ]);
  expect(toDrafts([{ name: "", conditions: [] }])).toBeNull();
  expect(toDrafts([{ name: "a", conditions: [{ field: "type", test: "is_any", values: [] }] }])).toBeNull();
  expect(toDrafts([])).toEqual([]);
});
