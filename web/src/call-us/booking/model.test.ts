import { expect, it } from "vitest";
import { bookingPath, dayName, dayOf, hourName, tokenIn } from "./model";

it("finds the secret in the address that it made", () => {
  expect(tokenIn(bookingPath("demo", "WzEsImEi:x/y"))).toBe("WzEsImEi:x/y");
  expect(tokenIn("/call-us/demo")).toBeNull();
});

it("tells a slot on the queue's clock, not on the visitor's", () => {
  const slot = { begins_at: "2026-03-02T16:00:00Z", ends_at: "2026-03-02T17:00:00Z" };
  expect(hourName(slot, "Asia/Shanghai")).toBe("00:00–01:00");
  expect(dayOf(slot.begins_at, "Asia/Shanghai")).toBe("2026-03-03");
  expect([dayName("2026-03-03", "zh"), dayName("2026-03-03", "en")]).toEqual(["3月3日周二", "Tue 3 Mar"]);
});
