import { useEffect, useState } from "react";
import { openMicrophone } from "@/telephone/devices";
import { MicrophoneProblem, type MicrophoneTrouble } from "@/telephone/port";

/** Loudness of one block of samples as 0 to 100: -60 dB is nothing, 0 dB is full. */
export function loudness_pct(samples: Float32Array): number {
  let sum = 0;
  for (const sample of samples) sum += sample * sample;
  const rms = Math.sqrt(sum / Math.max(1, samples.length));
  const level_db = 20 * Math.log10(Math.max(rms, 1e-6));
  return Math.round(Math.min(100, Math.max(0, ((level_db + 60) / 60) * 100)));
}

export interface MicrophoneLevel {
  level_pct: number;
  /** Something was heard since the test began. */
  hasHeard: boolean;
  trouble: MicrophoneTrouble | null;
}

const HEARD_PCT = 35;
const READ_EVERY_MS = 80;
const silent: MicrophoneLevel = { level_pct: 0, hasHeard: false, trouble: null };

/** Measure the chosen microphone while `isOn`; another `device` starts anew. */
export function useMicrophoneLevel(isOn: boolean, device: string): MicrophoneLevel {
  const [level, setLevel] = useState(silent);
  useEffect(() => {
    setLevel(silent);
    if (!isOn) return;
    void device; // openMicrophone reads the choice
    let stop: (() => void) | null = null;
    let isOver = false;
    measure((level_pct) =>
      setLevel((before) => ({
        level_pct,
        hasHeard: before.hasHeard || level_pct >= HEARD_PCT,
        trouble: null,
      })),
    )
      .then((end) => {
        if (isOver) end();
        else stop = end;
      })
      .catch((error: unknown) =>
        setLevel({ ...silent, trouble: error instanceof MicrophoneProblem ? error.trouble : "failed" }),
      );
    return () => {
      isOver = true;
      stop?.();
    };
  }, [isOn, device]);
  return level;
}

async function measure(onLevel: (level_pct: number) => void): Promise<() => void> {
  const stream = await openMicrophone();
  const context = new AudioContext();
  const analyser = context.createAnalyser();
  analyser.fftSize = 1024;
  context.createMediaStreamSource(stream).connect(analyser);
  const samples = new Float32Array(analyser.fftSize);
  const timer = setInterval(() => {
    analyser.getFloatTimeDomainData(samples);
    onLevel(loudness_pct(samples));
  }, READ_EVERY_MS);
  return () => {
    clearInterval(timer);
    for (const track of stream.getTracks()) track.stop();
    void context.close();
  };
}
