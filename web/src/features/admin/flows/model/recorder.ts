/** Records the microphone: a meter while it runs, a trimmed WAV file when it stops. */
import { openMicrophone } from "@/telephone/devices";
import { rms, toWav, trimSilence } from "./sound";

export interface Recording {
  file: Blob;
  duration_s: number;
  /** Silence cut off both ends together. */
  cut_s: number;
}

export interface RunningRecorder {
  /** Null where only silence came. */
  stop: () => Promise<Recording | null>;
  /** Give the microphone back and forget what came. */
  abandon: () => void;
}

const METER_EVERY_MS = 60;

/** Begin to record. Rejects with `MicrophoneProblem`. */
export async function startRecorder(onLevel: (level: number) => void): Promise<RunningRecorder> {
  const stream = await openMicrophone();
  const context = new AudioContext();
  const analyser = context.createAnalyser();
  context.createMediaStreamSource(stream).connect(analyser);
  const block = new Float32Array(analyser.fftSize);
  const timer = setInterval(() => {
    analyser.getFloatTimeDomainData(block);
    onLevel(rms(block));
  }, METER_EVERY_MS);
  const recorder = new MediaRecorder(stream);
  const pieces: Blob[] = [];
  recorder.addEventListener("dataavailable", ({ data }) => pieces.push(data));
  const stopped = new Promise<void>((resolve) => recorder.addEventListener("stop", () => resolve()));
  recorder.start();
  const end = () => {
    clearInterval(timer);
    if (recorder.state !== "inactive") recorder.stop();
    for (const track of stream.getTracks()) track.stop();
  };
  return {
    stop: async () => {
      end();
      await stopped;
      try {
        const sound = await context.decodeAudioData(await new Blob(pieces).arrayBuffer());
        return cut(sound.getChannelData(0), sound.sampleRate);
      } finally {
        void context.close();
      }
    },
    abandon: () => {
      end();
      void context.close();
    },
  };
}

function cut(samples: Float32Array, rate_hz: number): Recording | null {
  const trimmed = trimSilence(samples, rate_hz);
  if (!trimmed) return null;
  return {
    file: toWav(trimmed.samples, rate_hz),
    duration_s: trimmed.samples.length / rate_hz,
    cut_s: trimmed.head_s + trimmed.tail_s,
  };
}
