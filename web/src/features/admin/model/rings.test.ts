import { expect, test } from "vitest";
import { afterPrevious, nextRing, type Ring } from "./rings";

const ring = (after_s: number): Ring => ({ after_s, lower_by: 0, drop: [], add_queues: [] });

test("a fresh ring begins after the last one", () => {
  expect(nextRing([]).after_s).toBe(30);
  expect(nextRing([ring(20), ring(90)]).after_s).toBe(120);
});

test("a ring that begins no later than the one before it is told", () => {
  const rings = [ring(30), ring(30)];
  expect(afterPrevious(rings, 0, 30)).toBe(true);
  expect(afterPrevious(rings, 1, 30)).toBe(false);
  expect(afterPrevious(rings, 1, 31)).toBe(true);
});
