import { describe, expect, it } from "vitest";
import { fillVariables, findSlash, insertReply, matchReplies, type Reply } from "./slash";

const replies: Reply[] = [
  { id: 1, group: "开场", title: "问候语", text: "您好，{客户姓名}", pinyin: "why wenhouyu" },
  { id: 2, group: "开场", title: "晚安", text: "祝您晚安", pinyin: "wa wanan" },
  { id: 3, group: "发票", title: "发票说明", text: "发票三天内寄出", pinyin: "fpsm fapiaoshuoming" },
];
const titles = (query: string) => matchReplies(replies, query).map(({ title }) => title);

describe("findSlash", () => {
  it.each([
    ["/why", 4, { start: 0, query: "why" }],
    ["您好。/why", 7, { start: 3, query: "why" }],
    ["ok /", 4, { start: 3, query: "" }],
    ["first\n/fp", 9, { start: 6, query: "fp" }],
    ["/why rest", 4, { start: 0, query: "why" }],
  ])("finds it in %j at %i", (text, caret, found) => expect(findSlash(text, caret)).toEqual(found));

  it.each([
    ["3/4", 3],
    ["and/or", 6],
    ["http://x", 8],
    ["/why ", 5],
    ["/a b", 4],
    ["没有", 2],
    [`/${"x".repeat(21)}`, 22],
  ])("leaves %j alone", (text, caret) => expect(findSlash(text, caret)).toBeNull());
});

describe("matchReplies", () => {
  it("finds by initials, whole pinyin, title, group and text, the nearest first", () => {
    expect(titles("why")).toEqual(["问候语"]);
    expect(titles("wan")).toEqual(["晚安"]);
    expect(titles("w")).toEqual(["问候语", "晚安"]);
    expect(titles("发票")).toEqual(["发票说明"]);
    expect(titles("三天")).toEqual(["发票说明"]);
    expect(titles("开场")).toEqual(["问候语", "晚安"]);
    expect(titles("zzz")).toEqual([]);
    expect(titles("")).toHaveLength(3);
  });
});

describe("filling in", () => {
  it("replaces what is known and leaves what is not", () => {
    expect(fillVariables("您好，{客户姓名}，我是{座席姓名}", { 客户姓名: "周芳" })).toBe(
      "您好，周芳，我是{座席姓名}",
    );
    expect(fillVariables("{ 客户姓名 } {}", { 客户姓名: "周芳" })).toBe("周芳 {}");
  });

  it("takes the place of what was typed, and no more", () => {
    expect(insertReply("好的。/why 再见", { start: 3, query: "why" }, 7, "您好")).toEqual({
      text: "好的。您好 再见",
      caret: 5,
    });
  });
});
