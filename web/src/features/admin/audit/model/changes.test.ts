import { describe, expect, it } from "vitest";
import { toActionWords, toChanges, toInstants } from "./changes";

describe("what an entry changed", () => {
  it("pairs before and after", () => {
    expect(toChanges({ wrap_up_s: 60 }, { wrap_up_s: 30 })).toEqual([
      { field: "wrap_up_s", before: 60, after: 30 },
    ]);
  });

  it("leaves out what a new thing has not, but keeps false and 0", () => {
    const made = toChanges(null, {
      name: "售后",
      name_en: "",
      skills: {},
      members: [],
      removed_at: null,
      is_on: false,
      n: 0,
    });
    expect(made.map(({ field }) => field)).toEqual(["name", "is_on", "n"]);
  });

  it("shows what was taken away", () => {
    expect(toChanges({ members: [1, 2] }, { members: [] })).toEqual([
      { field: "members", before: [1, 2], after: [] },
    ]);
  });
});

it("takes an action apart", () => {
  expect(toActionWords("flow.draft_saved")).toEqual({ kind: "flow", verb: "draft_saved" });
  expect(toActionWords("login.failed")).toEqual({ kind: "login", verb: "failed" });
  expect(toActionWords("logout")).toEqual({ kind: null, verb: "logout" });
});

it("asks for whole days on the company's clock, also where clocks change", () => {
  expect(toInstants("2026-11-21", "2026-11-21", "Asia/Shanghai")).toEqual({
    from: "2026-11-20T16:00:00.000Z",
    to: "2026-11-21T16:00:00.000Z",
  });
  expect(toInstants("2026-03-29", "2026-03-29", "Europe/Berlin")).toEqual({
    from: "2026-03-28T23:00:00.000Z",
    to: "2026-03-29T22:00:00.000Z",
  });
  expect(toInstants(undefined, undefined, "UTC")).toEqual({});
});
