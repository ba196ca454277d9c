import { expect, it } from "vitest";
import type { Prompt } from "./prompts";
import { reword } from "./rewording";

function prompt(key: string, zh: string, source = "standard"): Prompt {
  return {
    key,
    is_standard: true,
    texts: { zh, en: "Hello" },
    sources: { zh: source, en: "standard" },
    durations_s: {},
    missing: [],
    uses: [],
    used_by: [],
    changed_at: null,
  };
}

const LIBRARY = [
  prompt("welcome", "欢迎致电甲公司，甲公司为您服务"),
  prompt("bye", "甲公司再见", "recorded"),
];

it("changes every place of a text, and the languages that say it alone", () => {
  const [welcome, bye] = reword(LIBRARY, "甲公司", "乙公司");
  expect(welcome).toEqual({
    key: "welcome",
    before: { zh: "欢迎致电甲公司，甲公司为您服务" },
    texts: { zh: "欢迎致电乙公司，乙公司为您服务" },
    isRecorded: false,
  });
  expect(bye?.isRecorded).toBe(true);
});

it("finds nothing for nothing, for what nobody says, and for what would stay as it is", () => {
  expect(reword(LIBRARY, "", "乙")).toEqual([]);
  expect(reword(LIBRARY, "丙公司", "乙")).toEqual([]);
  expect(reword(LIBRARY, "甲公司", "甲公司")).toEqual([]);
});

it("never makes a prompt say nothing", () => {
  expect(reword([prompt("only", "甲公司")], "甲公司", "")).toEqual([]);
});
