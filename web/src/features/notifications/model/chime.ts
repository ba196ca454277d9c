const NOTE_S = 0.18;
const LOUDNESS = 0.12;

/** One soft note. A browser that forbids sound before the first click stays silent. */
export function chime(): void {
  if (typeof AudioContext === "undefined") return;
  const context = new AudioContext();
  const note = context.createOscillator();
  const loudness = context.createGain();
  note.frequency.value = 784;
  loudness.gain.setValueAtTime(LOUDNESS, context.currentTime);
  loudness.gain.exponentialRampToValueAtTime(0.001, context.currentTime + NOTE_S);
  note.connect(loudness).connect(context.destination);
  note.onended = () => void context.close();
  note.start();
  note.stop(context.currentTime + NOTE_S);
}
