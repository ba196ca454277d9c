import { describe, expect, it } from "vitest";
import { windowOf } from "./virtual";

describe("windowOf", () => {
  it("draws what is in view and a little beyond, of a thousand agents", () => {
    const drawn = windowOf(1000, 60, 160, { scrollTop: 600, width: 1300, height: 480 });
    expect(drawn).toEqual({ columns: 8, from: 48, to: 176, offset: 360, total: 7500 });
  });
  it("draws every item of a short list", () => {
    expect(windowOf(3, 40, undefined, { scrollTop: 0, width: 500, height: 400 })).toMatchObject({
      columns: 1,
      from: 0,
      to: 3,
    });
  });
  it("has one column where none fits, and nothing to draw of nothing", () => {
    expect(windowOf(0, 40, 200, { scrollTop: 0, width: 100, height: 0 })).toMatchObject({
      columns: 1,
      from: 0,
      to: 0,
      total: 0,
    });
  });
  it("still draws the end when the list shrank below the place scrolled to", () => {
    const drawn = windowOf(10, 40, undefined, { scrollTop: 9000, width: 500, height: 400 });
    expect(drawn.to).toBe(10);
    expect(drawn.from).toBeLessThan(10);
  });
});
