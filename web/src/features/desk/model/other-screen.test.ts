import { expect, it } from "vitest";
import { ApiProblem } from "@/api/problem";
import { isFirstOpening, isStoredSoon } from "./other-screen";

const storage = () => {
  const kept = new Map<string, string>();
  return {
    getItem: (key: string) => kept.get(key) ?? null,
    setItem: (key: string, value: string) => void kept.set(key, value),
  };
};

it("opens a contact's page by itself once, also after a reload", () => {
  const kept = storage();
  expect(isFirstOpening("a", kept)).toBe(true);
  expect(isFirstOpening("b", kept)).toBe(true);
  expect(isFirstOpening("a", kept)).toBe(false);
});

it("does not remember for ever", () => {
  const kept = storage();
  for (let n = 0; n < 500; n++) isFirstOpening(`contact-${n}`, kept);
  expect(kept.getItem("zhiyin-opened-screens")?.split(" ")).toHaveLength(20);
});

it("asks again for a contact that is not stored yet, and not for ever", () => {
  const notFound = new ApiProblem({ code: "not_found", status: 404 });
  expect(isStoredSoon(0, notFound)).toBe(true);
  expect(isStoredSoon(15, notFound)).toBe(false);
  expect(isStoredSoon(0, new ApiProblem({ code: "forbidden", status: 403 }))).toBe(false);
});
