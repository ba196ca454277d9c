import { describe, expect, it } from "vitest";
import { meter_pct, toWav, trimSilence } from "./sound";

const RATE_HZ = 8000;

function tone(from_s: number, to_s: number, length_s: number, size = 0.5): Float32Array {
  return Float32Array.from({ length: length_s * RATE_HZ }, (_, index) => {
    const at_s = index / RATE_HZ;
    return at_s >= from_s && at_s < to_s ? size * Math.sin(2 * Math.PI * 440 * at_s) : 0;
  });
}

describe("trimSilence", () => {
  it("cuts silence off both ends and leaves a little around the speech", () => {
    const found = trimSilence(tone(1, 2, 4), RATE_HZ);
    expect(found?.head_s).toBeCloseTo(0.92, 1);
    expect(found?.tail_s).toBeCloseTo(1.84, 1);
    expect((found?.samples.length ?? 0) / RATE_HZ).toBeCloseTo(1.24, 1);
  });

  it("leaves a pause in the middle alone", () => {
    const two = tone(0.5, 1, 3);
    tone(2, 2.5, 3).forEach((sample, index) => {
      two[index] = (two[index] ?? 0) + sample;
    });
    expect((trimSilence(two, RATE_HZ)?.samples.length ?? 0) / RATE_HZ).toBeCloseTo(2.24, 1);
  });

  it("says that nothing was recorded", () => {
    expect(trimSilence(new Float32Array(RATE_HZ), RATE_HZ)).toBeNull();
    expect(trimSilence(new Float32Array(0), RATE_HZ)).toBeNull();
  });
});

it("writes a WAV file that holds every sample once", async () => {
  const blob = toWav(Float32Array.from([0, 1, -1, 2]), RATE_HZ);
  const bytes = new DataView(await blob.arrayBuffer());
  expect(blob.size).toBe(44 + 8);
  expect(bytes.getUint32(24, true)).toBe(RATE_HZ);
  expect([0, 1, 2, 3].map((index) => bytes.getInt16(44 + 2 * index, true))).toEqual([
    0, 32_767, -32_767, 32_767,
  ]);
});

it("shows full and no loudness at the meter's ends", () => {
  expect([meter_pct(0), meter_pct(1), meter_pct(10)]).toEqual([0, 100, 100]);
});
