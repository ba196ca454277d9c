import { expect, it } from "vitest";
import { parseSearch, stringifySearch } from "./search-params";

it.each([
  "200e90",
  "1e5",
  "0571",
  "-0",
  "1.50",
  "12345678901234567890",
  "13800138000",
  "true",
  "[",
  '"',
  "老王",
  "",
])("keeps a text that was searched for: %s", (text) => {
  const address = stringifySearch({ search: text });
  const { search } = parseSearch(address) as { search: unknown };
  expect(String(search)).toBe(text);
});

it("reads a text that was typed into the address as it stands there", () => {
  expect(parseSearch("?search=200e90")).toEqual({ search: "200e90" });
});

it("keeps numbers and lists what they are", () => {
  const search = { page: 2, agents: [1, 2], is_open: true };
  expect(parseSearch(stringifySearch(search))).toEqual(search);
});
