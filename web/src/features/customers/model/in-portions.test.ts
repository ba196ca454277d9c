import { expect, it } from "vitest";
import { inPortions } from "./in-portions";

it("does it to each once, tells how far it is, and how many changed", async () => {
  const seen: number[][] = [];
  const progress: number[] = [];
  const act = async (portion: number[]) => {
    seen.push(portion);
    return { customers: portion.filter((id) => id % 2 === 0) };
  };
  const changed = await inPortions([1, 2, 3, 4, 5], act, (done) => progress.push(done), 2);
  expect(seen).toEqual([[1, 2], [3, 4], [5]]);
  expect(progress).toEqual([2, 4, 5]);
  expect(changed).toBe(2);
});

it("stops where a portion is refused, so that the rest is not done unseen", async () => {
  const act = async (portion: number[]) => {
    if (portion.includes(3)) throw new Error("limit");
    return { customers: portion };
  };
  await expect(inPortions([1, 2, 3, 4], act, () => undefined, 2)).rejects.toThrow("limit");
});
