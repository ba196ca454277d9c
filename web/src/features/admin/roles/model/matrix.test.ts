import { describe, expect, it } from "vitest";
import { accessesOf, grouped, withField, withRight } from "./matrix";
import type { GrantableRight, Role } from "./queries";

const role: Role = {
  id: 4,
  code: "r1",
  name: "外呼座席",
  name_en: "",
  note: "",
  is_built_in: false,
  rights: { desk: "all", "customers.read": "own" },
  fields: { "customer.numbers": "mask" },
  users: 0,
};
const right = (code: string, group: string): GrantableRight => ({
  code,
  group,
  zh: code,
  en: code,
  has_scopes: true,
});

describe("the permission matrix", () => {
  it("keeps the order of groups and rights", () => {
    const groups = grouped([right("a", "desk"), right("b", "customers"), right("c", "desk")]);
    expect(groups.map(([name, rights]) => [name, rights.map(({ code }) => code)])).toEqual([
      ["desk", ["a", "c"]],
      ["customers", ["b"]],
    ]);
  });

  it("gives, widens and takes away a right without touching others", () => {
    expect(withRight(role, "customers.read", "team")).toEqual({ desk: "all", "customers.read": "team" });
    expect(withRight(role, "customers.read", null)).toEqual({ desk: "all" });
    expect(role.rights).toEqual({ desk: "all", "customers.read": "own" });
  });

  it("mentions only the fields that are restricted", () => {
    expect(withField(role, "customer.credit", "hide")).toEqual({
      "customer.numbers": "mask",
      "customer.credit": "hide",
    });
    expect(withField(role, "customer.numbers", "write")).toEqual({});
  });

  it("offers a mask for text alone", () => {
    const field = { code: "customer.x", subject: "customer", zh: "x", en: "x", can_mask: false };
    expect(accessesOf(field)).toEqual(["hide", "read", "write"]);
    expect(accessesOf({ ...field, can_mask: true })).toHaveLength(4);
  });
});
