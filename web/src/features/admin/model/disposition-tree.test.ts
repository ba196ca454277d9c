import { describe, expect, it } from "vitest";
import { findInTree, idsBelow, toTree } from "./disposition-tree";

const row = (id: number, parent_id: number | null, name: string, position = 0) => ({
  id,
  parent_id,
  name,
  name_en: `${name} en`,
  position,
});
const rows = [
  row(1, null, "售后", 1),
  row(2, null, "销售", 0),
  row(3, 1, "维修"),
  row(4, 3, "二次维修"),
  row(5, 99, "孤儿"),
];

describe("the tree of dispositions", () => {
  it("has each level in its order, and orphans at the top", () => {
    const tree = toTree(rows);
    expect(tree.map(({ name }) => name)).toEqual(["销售", "孤儿", "售后"]);
    expect(tree[2]?.children?.[0]?.children?.[0]?.name).toBe("二次维修");
    expect(tree[0]?.isFirst).toBe(true);
    expect(tree[2]?.isLast).toBe(true);
    expect(tree[0]).not.toHaveProperty("children");
  });

  it("knows what goes with a row", () => {
    expect([...idsBelow(rows, 1)].sort()).toEqual([1, 3, 4]);
    expect([...idsBelow(rows, 4)]).toEqual([4]);
  });

  it("finds by either name and keeps the way there", () => {
    expect(findInTree(rows, "二次").map(({ id }) => id)).toEqual([1, 3, 4]);
    expect(findInTree(rows, "销售 EN").map(({ id }) => id)).toEqual([2]);
    expect(findInTree(rows, " ")).toHaveLength(rows.length);
  });
});
