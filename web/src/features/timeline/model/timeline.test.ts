import { describe, expect, it } from "vitest";
import { byDay } from "./days";
import { mentionedIn, piecesOf } from "./mentions";
import type { Entry } from "./queries";

const entry = (id: string, at: string) => ({ id, at, kind: "note" }) as Entry;

describe("byDay", () => {
  it("puts entries under the company's day, across midnight in UTC", () => {
    const days = byDay(
      [
        entry("3", "2026-03-02T16:10:00Z"),
        entry("2", "2026-03-02T15:50:00Z"),
        entry("1", "2026-03-01T16:00:00Z"),
      ],
      "Asia/Shanghai",
    );
    expect(days.map(({ day, entries }) => [day, entries.map(({ id }) => id)])).toEqual([
      ["2026-03-03", ["3"]],
      ["2026-03-02", ["2", "1"]],
    ]);
  });
});

describe("mentions", () => {
  const people = [
    { id: 1, name: "王芳" },
    { id: 2, name: "王芳芳" },
  ];
  it("are those still named in the text", () => {
    expect(mentionedIn("@王芳芳 请看", [{ id: 2, name: "王芳芳" }])).toEqual([2]);
    expect(mentionedIn("请看", people)).toEqual([]);
  });
  it("are cut out with the longest name first, and nothing is lost", () => {
    const pieces = piecesOf("请 @王芳芳 与 @王芳 看", people);
    expect(pieces.filter((piece) => piece.isMention).map(({ text }) => text)).toEqual(["@王芳芳", "@王芳"]);
    expect(pieces.map(({ text }) => text).join("")).toBe("请 @王芳芳 与 @王芳 看");
  });
});
