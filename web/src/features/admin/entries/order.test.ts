import { expect, test } from "vitest";
import { movedIds } from "./order";

test.each([
  [2, -1, [2, 1, 3]],
  [2, 1, [1, 3, 2]],
  [1, -1, [1, 2, 3]],
  [3, 1, [1, 2, 3]],
  [9, 1, [1, 2, 3]],
] as const)("%i moved by %i", (id, by, order) => {
  expect(movedIds([1, 2, 3], id, by)).toEqual(order);
});
