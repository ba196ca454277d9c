import { describe, expect, it } from "vitest";
import type { Department, Organisation, Team } from "./queries";
import { buildTree, moveOf, pathName, possibleParents } from "./tree";

const department = (id: number, parent: number | null, position = 0): Department => ({
  id,
  name: `D${id}`,
  parent,
  head: null,
  head_name: "",
  position,
});
const team = (id: number, of: number): Team => ({
  id,
  name: `T${id}`,
  department: of,
  lead: null,
  lead_name: "",
  position: 0,
  members: 0,
});
const company: Organisation = {
  departments: [department(1, null), department(2, null), department(3, 1), department(4, 3)],
  teams: [team(1, 1), team(2, 1), team(3, 4)],
  sites: [],
  roles: [],
  without_team: 0,
};

describe("the tree of departments", () => {
  it("shows a department's teams before what is below it", () => {
    const [first, second] = buildTree(company);
    expect(first?.children.map(({ key }) => key)).toEqual(["t1", "t2", "d3"]);
    expect(second?.children).toEqual([]);
  });

  it("offers no parent below the department itself", () => {
    expect(possibleParents(company.departments, 1).map(({ id }) => id)).toEqual([2]);
    expect(possibleParents(company.departments, 3).map(({ id }) => id)).toEqual([1, 2]);
    expect(possibleParents(company.departments, null)).toHaveLength(4);
  });

  it("names a department by its path", () => {
    expect(pathName(company.departments, 4)).toBe("D1 / D3 / D4");
    expect(pathName(company.departments, null)).toBe("");
  });
});

describe("dropping", () => {
  it("a department on another puts it below, at the end", () => {
    expect(moveOf(company, "d2", "d1", null)).toEqual({ kind: "department", id: 2, below: 1, position: 1 });
  });

  it("a department beside another puts it there", () => {
    expect(moveOf(company, "d3", "d2", "after")).toEqual({
      kind: "department",
      id: 3,
      below: null,
      position: 2,
    });
    expect(moveOf(company, "d2", "d1", "before")).toEqual({
      kind: "department",
      id: 2,
      below: null,
      position: 0,
    });
  });

  it("means nothing below itself or on a team", () => {
    expect(moveOf(company, "d1", "d4", null)).toBeNull();
    expect(moveOf(company, "d1", "d1", null)).toBeNull();
    expect(moveOf(company, "d2", "t1", null)).toBeNull();
  });

  it("a team on a department or beside a team moves it there", () => {
    expect(moveOf(company, "t1", "d4", null)).toEqual({ kind: "team", id: 1, below: 4, position: 1 });
    expect(moveOf(company, "t3", "t1", "before")).toEqual({ kind: "team", id: 3, below: 1, position: 0 });
    expect(moveOf(company, "t3", "t1", "after")).toEqual({ kind: "team", id: 3, below: 1, position: 1 });
    expect(moveOf(company, "t1", "d1", "before")).toBeNull();
  });
});
