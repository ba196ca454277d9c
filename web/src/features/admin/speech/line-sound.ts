/** A recording as a telephone line carries it: one channel, 8000 samples a second, 16 bits, in base64. */
import { toWav } from "../flows/model/sound";

const LINE_HZ = 8000;

export async function toLineSound(recording: Blob): Promise<string> {
  const bytes = await recording.arrayBuffer();
  // decoding brings it to the context's rate, with the filter that this needs
  const context = new OfflineAudioContext(1, 1, LINE_HZ);
  const sound = await context.decodeAudioData(bytes);
  return toBase64(await toWav(sound.getChannelData(0), LINE_HZ).arrayBuffer());
}

const PIECE = 8192;

export function toBase64(buffer: ArrayBuffer): string {
  const bytes = new Uint8Array(buffer);
  let text = "";
  for (let at = 0; at < bytes.length; at += PIECE)
    text += String.fromCharCode(...bytes.subarray(at, at + PIECE));
  return btoa(text);
}
