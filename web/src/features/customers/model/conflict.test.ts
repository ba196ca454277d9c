import { describe, expect, it } from "vitest";
import { changedFields, findConflicts, joined } from "./conflict";
import { type CustomerFields, emptyFields } from "./form";

const base = {
  ...emptyFields(),
  name: "张三",
  note: "旧",
  numbers: [{ id: 1, typed: "138****5678" }],
  company: "",
  custom: { grade: "a" },
} as CustomerFields;

describe("what each changed", () => {
  it("takes nothing for nothing, however it is written", () => {
    expect(
      changedFields(base, {
        ...base,
        company: "",
        owner_id: null,
        numbers: [...base.numbers, { typed: " " }],
      }),
    ).toEqual([]);
  });
  it("names the company's own fields one by one", () => {
    expect(changedFields(base, { ...base, custom: { grade: "b", size: 3 } })).toEqual([
      "custom.grade",
      "custom.size",
    ]);
  });
});

describe("two editors", () => {
  const mine = { ...base, note: "我的", company: "云帆", custom: { grade: "m" } };
  const theirs = { ...base, note: "他的", name: "张三丰", custom: { grade: "a" } };

  it("is a conflict only where both changed the same field to something else", () => {
    expect(findConflicts(base, mine, theirs)).toEqual([{ field: "note", mine: "我的", theirs: "他的" }]);
    expect(findConflicts(base, mine, { ...theirs, note: "我的" })).toEqual([]);
  });

  it.each([
    ["mine", "我的"],
    ["theirs", "他的"],
  ] as const)("keeps %s where it was chosen, and what only one changed in any case", (choice, note) => {
    expect(joined(base, mine, theirs, { note: choice })).toMatchObject({
      note,
      name: "张三丰",
      company: "云帆",
      custom: { grade: "m" },
    });
  });
});
