/** The waveform of a two-channel recording, drawn from the server's peaks. The only importer of wavesurfer; load it lazily. */
import { useEffect, useEffectEvent, useRef } from "react";
import WaveSurfer from "wavesurfer.js";
import { cspNonce } from "@/lib/csp";

interface Props {
  audio: HTMLAudioElement;
  /** one list a channel, values -1 to 1 */
  peaks: readonly (readonly number[])[];
  duration_s: number;
  label: string;
}

function colour(name: string): string {
  return getComputedStyle(document.documentElement).getPropertyValue(`--${name}`).trim();
}

export function Waveform({ audio, peaks, duration_s, label }: Props) {
  const box = useRef<HTMLDivElement>(null);
  const draw = useEffectEvent((container: HTMLElement) =>
    WaveSurfer.create({
      container,
      media: audio,
      peaks: peaks.map((channel) => [...channel]),
      duration: duration_s,
      height: 34,
      normalize: true,
      barWidth: 2,
      barGap: 1,
      barRadius: 1,
      cursorColor: colour("text"),
      waveColor: colour("border-strong"),
      progressColor: colour("primary"),
      cspNonce,
      splitChannels: peaks.map((_channel, index) => ({
        waveColor: colour("border-strong"),
        progressColor: colour(index === 0 ? "break" : "primary"),
      })),
    }),
  );
  useEffect(() => {
    if (!box.current) return;
    const wave = draw(box.current);
    return () => {
      const source = audio.src; // destroying the drawing must not stop the sound's element
      wave.destroy();
      if (audio.src !== source) audio.src = source;
    };
  }, [audio]);
  return <div ref={box} role="img" aria-label={label} />;
}
