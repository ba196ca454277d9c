import { expect, it } from "vitest";
import { isFirstOpening } from "./other-screen";

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
