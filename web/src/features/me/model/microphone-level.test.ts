import { describe, expect, it } from "vitest";
import { loudness_pct } from "./microphone-level";

describe("loudness_pct", () => {
  it.each([
    ["silence", 0, 0],
    ["-60 dB", 0.001, 0],
    ["-30 dB", 10 ** (-30 / 20), 50],
    ["full scale", 1, 100],
    ["clipping", 2, 100],
  ])("%s", (_name, amplitude, expected) => {
    expect(loudness_pct(new Float32Array(64).fill(amplitude))).toBe(expected);
  });
});
