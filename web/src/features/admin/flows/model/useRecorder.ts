import { useEffect, useRef, useState } from "react";
import { MicrophoneProblem, type MicrophoneTrouble } from "@/telephone/port";
import { type Recording, type RunningRecorder, startRecorder } from "./recorder";
import { meter_pct } from "./sound";

/** As long as a prompt may last. */
const LONGEST_S = 120;

export type RecorderTrouble = MicrophoneTrouble | "silent";

/** Records until stopped, left, or as long as a prompt may last. */
export function useRecorder(onRecorded: (recording: Recording) => void) {
  const running = useRef<RunningRecorder | null>(null);
  const isLeft = useRef(false);
  const [startedAt_ms, setStarted] = useState<number | null>(null);
  const [lasted_s, setLasted] = useState(0);
  const [level_pct, setLevel] = useState(0);
  const [trouble, setTrouble] = useState<RecorderTrouble | null>(null);
  useEffect(() => {
    isLeft.current = false;
    return () => {
      isLeft.current = true;
      running.current?.abandon();
      running.current = null;
    };
  }, []);

  const stop = async () => {
    const recorder = running.current;
    running.current = null;
    setStarted(null);
    if (!recorder) return;
    try {
      const recording = await recorder.stop();
      if (recording) onRecorded(recording);
      else setTrouble("silent");
    } catch {
      setTrouble("failed");
    }
  };
  const start = async () => {
    setTrouble(null);
    setLasted(0);
    try {
      const began_ms = Date.now();
      const recorder = await startRecorder((level) => {
        const so_far_s = (Date.now() - began_ms) / 1000;
        setLevel(meter_pct(level));
        setLasted(so_far_s);
        if (so_far_s >= LONGEST_S) void stop();
      });
      if (isLeft.current) return recorder.abandon();
      running.current = recorder;
      setStarted(began_ms);
    } catch (error) {
      setTrouble(error instanceof MicrophoneProblem ? error.trouble : "failed");
    }
  };
  return { isRunning: startedAt_ms !== null, lasted_s, level_pct, trouble, start, stop };
}
