/** Arithmetic on a recording of the microphone: silence cut off its ends, written as a WAV file. Samples are -1 to 1. */

export interface Trimmed {
  samples: Float32Array;
  /** Silence cut off its beginning and its end. */
  head_s: number;
  tail_s: number;
}

const FRAME_S = 0.02;
/** A frame this far below the loudest is silence, as the server has it too. */
const SILENT_BELOW = 10 ** (-35 / 20);
const LEAST_PEAK = 0.003;
/** What is left around the speech. */
const LEAD_S = 0.08;
const TAIL_S = 0.16;

/** Cut silence off both ends; null where nothing else was recorded. */
export function trimSilence(samples: Float32Array, rate_hz: number): Trimmed | null {
  const size = Math.max(1, Math.round(FRAME_S * rate_hz));
  const levels: number[] = [];
  for (let at = 0; at + size <= samples.length; at += size) levels.push(rms(samples.subarray(at, at + size)));
  const loudest = Math.max(0, ...levels);
  if (loudest < LEAST_PEAK) return null;
  const isHeard = (level: number) => level > loudest * SILENT_BELOW;
  const first = levels.findIndex(isHeard);
  const last = levels.findLastIndex(isHeard);
  const from = Math.max(0, first * size - Math.round(LEAD_S * rate_hz));
  const to = Math.min(samples.length, (last + 1) * size + Math.round(TAIL_S * rate_hz));
  return {
    samples: samples.slice(from, to),
    head_s: from / rate_hz,
    tail_s: (samples.length - to) / rate_hz,
  };
}

export function rms(samples: Float32Array): number {
  let sum = 0;
  for (const sample of samples) sum += sample * sample;
  return Math.sqrt(sum / Math.max(1, samples.length));
}

/** 0 to 100 for a meter: -50 dBFS is nothing, 0 dBFS is full. */
export function meter_pct(level: number): number {
  const level_db = 20 * Math.log10(Math.max(level, 1e-6));
  return Math.round(Math.min(100, Math.max(0, ((level_db + 50) / 50) * 100)));
}

const HEADER_BYTES = 44;

/** A WAV file of one channel, 16 bits. */
export function toWav(samples: Float32Array, rate_hz: number): Blob {
  const bytes = new DataView(new ArrayBuffer(HEADER_BYTES + 2 * samples.length));
  const text = (at: number, word: string) => {
    for (let index = 0; index < word.length; index += 1) bytes.setUint8(at + index, word.charCodeAt(index));
  };
  text(0, "RIFF");
  bytes.setUint32(4, 36 + 2 * samples.length, true);
  text(8, "WAVEfmt ");
  bytes.setUint32(16, 16, true);
  bytes.setUint16(20, 1, true);
  bytes.setUint16(22, 1, true);
  bytes.setUint32(24, rate_hz, true);
  bytes.setUint32(28, 2 * rate_hz, true);
  bytes.setUint16(32, 2, true);
  bytes.setUint16(34, 16, true);
  text(36, "data");
  bytes.setUint32(40, 2 * samples.length, true);
  samples.forEach((sample, index) => {
    bytes.setInt16(HEADER_BYTES + 2 * index, Math.round(Math.max(-1, Math.min(1, sample)) * 32_767), true);
  });
  return new Blob([bytes.buffer], { type: "audio/wav" });
}
