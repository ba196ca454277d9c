import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import en from "../locales/en.json";
import zh from "../locales/zh.json";

interface Route {
  get?: { parameters?: { name: string; in: string }[] };
}

const PAGING = ["format", "sort", "page", "page_size"];
const { paths } = JSON.parse(readFileSync("openapi.json", "utf8")) as { paths: Record<string, Route> };
const lists = Object.entries(paths).flatMap(([path, { get }]) => {
  const names = (get?.parameters ?? []).filter((one) => one.in === "query").map((one) => one.name);
  return names.includes("format") && names.includes("page")
    ? [{ noun: path.split("/")[2] ?? "", names }]
    : [];
});

it.each([
  ["zh", zh],
  ["en", en],
])("says in %s which list was exported and by what it was filtered", (_, { exports }) => {
  expect(lists.length).toBeGreaterThan(30);
  expect(lists.filter(({ noun }) => !(noun in exports.lists))).toEqual([]);
  const filters = new Set(lists.flatMap(({ names }) => names).filter((name) => !PAGING.includes(name)));
  expect([...filters].filter((name) => !(name in exports.filterNames))).toEqual([]);
});
