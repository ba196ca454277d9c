import { describe, expect, it } from "vitest";
import { formatNumber, toDialable } from "./numbers";

describe("toDialable", () => {
  it.each([
    ["138 0013 8000", "13800138000"],
    ["+86 (571) 8888-6666", "+8657188886666"],
    ["\uff11\uff13\uff18\uff10\uff10\uff11\uff13\uff18\uff10\uff10\uff10", "13800138000"],
    ["\u202a13800138000\u202c", "13800138000"],
    ["400.800.1234", "4008001234"],
    ["*67", "*67"],
    ["zhang", null],
    ["1", null],
    ["138a", null],
    ["+", null],
    ["", null],
  ])("%s", (typed, expected) => {
    expect(toDialable(typed)).toBe(expected);
  });
});

describe("formatNumber", () => {
  it.each([
    ["+8613800138000", "138 0013 8000"],
    ["138****5678", "138 **** 5678"],
    ["4008001234", "400 800 1234"],
    ["+8657188886666", "057188886666"],
    ["0571****6666", "0571****6666"],
    ["+442071838750", "+442071838750"],
    ["", ""],
  ])("%s", (number, expected) => {
    expect(formatNumber(number)).toBe(expected);
  });
});
