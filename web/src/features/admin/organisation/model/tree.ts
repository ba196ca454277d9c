/** The tree of departments and teams: pure, without React. */
import type { Department, Organisation, Team } from "./queries";

export interface Branch {
  /** "d3" a department, "t7" a team */
  key: string;
  department?: Department;
  team?: Team;
  children: Branch[];
}

export interface Move {
  kind: "department" | "team";
  id: number;
  /** the department to move below; null: to the top */
  below: number | null;
  position: number;
}

/** Departments with their teams first and what is below them after, each in the order of the company. */
export function buildTree(
  { departments, teams }: Pick<Organisation, "departments" | "teams">,
  parent: number | null = null,
): Branch[] {
  return departments
    .filter((department) => department.parent === parent)
    .map((department) => ({
      key: `d${department.id}`,
      department,
      children: [
        ...teams
          .filter((team) => team.department === department.id)
          .map((team) => ({ key: `t${team.id}`, team, children: [] })),
        ...buildTree({ departments, teams }, department.id),
      ],
    }));
}

/** The departments a department may be moved below: not itself and nothing under it. */
export function possibleParents(departments: readonly Department[], moved: number | null): Department[] {
  const within = new Set(moved === null ? [] : [moved]);
  for (let before = -1; before !== within.size; ) {
    before = within.size;
    for (const { id, parent } of departments) if (parent !== null && within.has(parent)) within.add(id);
  }
  return departments.filter(({ id }) => !within.has(id));
}

/** "Sales / East", to tell departments of one name apart. */
export function pathName(departments: readonly Department[], id: number | null): string {
  const names: string[] = [];
  for (let at = id; at !== null; ) {
    const department = departments.find((each) => each.id === at);
    if (!department) break;
    names.unshift(department.name);
    at = department.parent;
  }
  return names.join(" / ");
}

/**
 * What dropping one branch on or beside another means; null where it means nothing: a team stands in a department.
 * `gap`: null on the branch, else the place among those beside it before which it was dropped.
 */
export function moveOf(
  organisation: Organisation,
  dragged: string,
  target: string,
  gap: "before" | "after" | null,
): Move | null {
  const id = Number(dragged.slice(1));
  const over = Number(target.slice(1));
  if (dragged.startsWith("t")) return moveTeam(organisation, id, target, over, gap);
  if (target.startsWith("t")) return null;
  const { departments } = organisation;
  const onto = departments.find((each) => each.id === over);
  if (!onto || !possibleParents(departments, id).some((each) => each.id === over)) return null;
  if (gap === null) {
    const inside = departments.filter((each) => each.parent === over && each.id !== id);
    return { kind: "department", id, below: over, position: inside.length };
  }
  const beside = departments.filter((each) => each.parent === onto.parent && each.id !== id);
  const place = beside.findIndex((each) => each.id === over) + (gap === "after" ? 1 : 0);
  return { kind: "department", id, below: onto.parent, position: place };
}

function moveTeam(
  { teams }: Organisation,
  id: number,
  target: string,
  over: number,
  gap: "before" | "after" | null,
): Move | null {
  if (target.startsWith("d")) {
    if (gap === "before") return null;
    const inside = teams.filter((team) => team.department === over && team.id !== id);
    return { kind: "team", id, below: over, position: gap === null ? inside.length : 0 };
  }
  const beside = teams.find((team) => team.id === over);
  if (!beside || over === id) return null;
  const others = teams.filter((team) => team.department === beside.department && team.id !== id);
  const place = others.findIndex((team) => team.id === over) + (gap === "before" ? 0 : 1);
  return { kind: "team", id, below: beside.department, position: place };
}
