import { expect, it } from "vitest";
import { CLASSIC, soundOf } from "./sounds";

it("rings as everything does where nothing was chosen for the queue", () => {
  const muted = { tune: "soft", is_muted: true } as const;
  expect(soundOf(7, { "7": muted })).toBe(muted);
  expect(soundOf(8, { "7": muted })).toBe(CLASSIC);
  expect(soundOf(null, { "7": muted })).toBe(CLASSIC);
});
