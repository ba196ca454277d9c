import type { Tune } from "@/lib/sounds";
import { chosenDevices, routeSound } from "./devices";

interface Note {
  at_s: number;
  frequency: number;
  length_s: number;
}

/** Rings made of notes, so that no file is fetched when the call is already there; told apart with closed eyes. */
const TUNES: Record<Tune, readonly Note[]> = {
  classic: [
    { at_s: 0, frequency: 659, length_s: 0.35 },
    { at_s: 0.22, frequency: 880, length_s: 0.5 },
    { at_s: 0.8, frequency: 659, length_s: 0.35 },
    { at_s: 1.02, frequency: 880, length_s: 0.6 },
  ],
  soft: [
    { at_s: 0, frequency: 440, length_s: 0.9 },
    { at_s: 0.9, frequency: 330, length_s: 1.1 },
  ],
  bright: [
    { at_s: 0, frequency: 1047, length_s: 0.18 },
    { at_s: 0.16, frequency: 1319, length_s: 0.18 },
    { at_s: 0.32, frequency: 1568, length_s: 0.4 },
    { at_s: 0.9, frequency: 1568, length_s: 0.4 },
  ],
};
const PERIOD_MS = 3000;
const LOUDNESS = 0.25;

interface Ringing {
  context: AudioContext;
  element: HTMLAudioElement;
  timer: ReturnType<typeof setInterval>;
}

let ringing: Ringing | null = null;

function playOnce(context: AudioContext, into: AudioNode, tune: Tune): void {
  for (const { at_s, frequency, length_s } of TUNES[tune]) {
    const start_s = context.currentTime + at_s;
    const note = context.createOscillator();
    const loudness = context.createGain();
    note.type = "triangle";
    note.frequency.value = frequency;
    loudness.gain.setValueAtTime(0, start_s);
    loudness.gain.linearRampToValueAtTime(LOUDNESS, start_s + 0.02);
    loudness.gain.exponentialRampToValueAtTime(0.001, start_s + length_s);
    note.connect(loudness).connect(into);
    note.start(start_s);
    note.stop(start_s + length_s);
  }
}

/** Ring on the chosen device until `stopRinging`. Repeatable. A browser that forbids sound before the first click stays silent. */
export function startRinging(tune: Tune = "classic"): void {
  if (ringing || typeof AudioContext === "undefined") return;
  const context = new AudioContext();
  const into = context.createMediaStreamDestination();
  const element = new Audio();
  element.srcObject = into.stream;
  void routeSound(element, chosenDevices().ringer).then(() => element.play().catch(() => undefined));
  void context.resume().catch(() => undefined);
  playOnce(context, into, tune);
  const timer = setInterval(() => playOnce(context, into, tune), PERIOD_MS);
  ringing = { context, element, timer };
}

export function stopRinging(): void {
  if (!ringing) return;
  clearInterval(ringing.timer);
  ringing.element.srcObject = null;
  void ringing.context.close();
  ringing = null;
}

/** One ring on a device, to try it. */
export async function ringOnce(device: string, tune: Tune = "classic"): Promise<void> {
  const context = new AudioContext();
  const into = context.createMediaStreamDestination();
  const element = new Audio();
  element.srcObject = into.stream;
  await routeSound(element, device);
  await element.play();
  playOnce(context, into, tune);
  setTimeout(() => void context.close(), PERIOD_MS);
}
