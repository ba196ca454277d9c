import { describe, expect, it } from "vitest";
import { inOrder, movesFor } from "./order";

const rows = [
  { id: 1, position: 0 },
  { id: 2, position: 1 },
  { id: 3, position: 2 },
];

describe("moving a row", () => {
  it("changes places with its neighbour, and writes only those two", () => {
    expect(movesFor(rows, 2, -1)).toEqual([
      { id: 2, position: 0 },
      { id: 1, position: 1 },
    ]);
  });

  it("stays where the list ends", () => {
    expect(movesFor(rows, 1, -1)).toEqual([]);
    expect(movesFor(rows, 3, 1)).toEqual([]);
    expect(movesFor(rows, 9, 1)).toEqual([]);
  });

  it("gives every row a place of its own where all had the same", () => {
    const same = rows.map((row) => ({ ...row, position: 0 }));
    expect(movesFor(same, 3, -1)).toEqual([
      { id: 3, position: 1 },
      { id: 2, position: 2 },
    ]);
  });
});

it("orders by position, then by age", () => {
  expect(
    inOrder([
      { id: 5, position: 1 },
      { id: 4, position: 1 },
      { id: 9, position: 0 },
    ]).map(({ id }) => id),
  ).toEqual([9, 4, 5]);
});
