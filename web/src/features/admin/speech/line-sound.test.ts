import { describe, expect, it } from "vitest";
import { toBase64 } from "./line-sound";

describe("a sound to be sent", () => {
  it("is the same bytes again, however long", () => {
    const bytes = Uint8Array.from({ length: 20_001 }, (_, at) => (at * 7) % 256);
    const back = Uint8Array.from(atob(toBase64(bytes.buffer)), (sign) => sign.charCodeAt(0));
    expect(back).toEqual(bytes);
  });
});
