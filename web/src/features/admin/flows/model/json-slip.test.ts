import { describe, expect, it } from "vitest";
import { findSlip } from "./json-slip";

describe("where a text stops being JSON", () => {
  it.each(["{}", " [ ] ", '{"a": [1, -2.5e3, "x\\n\\u4e2d", true, null], "b": {}}', "0"])(
    "finds nothing wrong with %s, as the browser does",
    (text) => {
      expect(() => JSON.parse(text)).not.toThrow();
      expect(findSlip(text)).toBeNull();
    },
  );

  it.each([
    ["[1, x]", 4],
    ['{"a" 1}', 5],
    ['{"a": 1,}', 8],
    ["[1, 2", 5],
    ['{"a": "x\n"}', 6],
    ["[01]", 1],
    ["[] []", 3],
    ["", 0],
    ["{'a': 1}", 1],
  ])("points into %j at %i", (text, place) => {
    expect(() => JSON.parse(text)).toThrow();
    expect(findSlip(text)).toBe(place);
  });
});
