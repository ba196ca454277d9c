import { describe, expect, it } from "vitest";
import { stateOf } from "./state";

const NOON = Date.parse("2026-03-02T12:00:00Z");

describe("a key's state", () => {
  it.each([
    ["active", null, null],
    ["active", null, "2026-03-02T12:00:01Z"],
    ["expired", null, "2026-03-02T12:00:00Z"],
    ["revoked", "2026-03-01T00:00:00Z", null],
    ["revoked", "2026-03-01T00:00:00Z", "2026-03-02T00:00:00Z"],
  ] as const)("is %s when revoked %s and ending %s", (state, revoked_at, expires_at) => {
    expect(stateOf({ revoked_at, expires_at }, NOON)).toBe(state);
  });
});
