import { MicrophoneProblem } from "./port";

/** Which devices were chosen on this machine; "" is the system's own choice. */
export interface DeviceChoice {
  microphone: string;
  speaker: string;
  ringer: string;
}

const KEY = "zhiyin.devices";

export function chosenDevices(): DeviceChoice {
  const none: DeviceChoice = { microphone: "", speaker: "", ringer: "" };
  try {
    return { ...none, ...(JSON.parse(localStorage.getItem(KEY) ?? "{}") as Partial<DeviceChoice>) };
  } catch {
    return none;
  }
}

export function chooseDevice(kind: keyof DeviceChoice, id: string): void {
  localStorage.setItem(KEY, JSON.stringify({ ...chosenDevices(), [kind]: id }));
}

function toProblem(error: unknown): MicrophoneProblem {
  const name = error instanceof DOMException ? error.name : "";
  if (name === "NotAllowedError" || name === "SecurityError") return new MicrophoneProblem("denied");
  if (name === "NotFoundError" || name === "OverconstrainedError") return new MicrophoneProblem("missing");
  if (name === "NotReadableError" || name === "AbortError") return new MicrophoneProblem("in_use");
  return new MicrophoneProblem("failed");
}

/** Whether this page may have a microphone at all: browsers give it to https and localhost only. */
export function isMicrophonePossible(): boolean {
  return typeof navigator.mediaDevices?.getUserMedia === "function";
}

/**
 * Open the chosen microphone, or the system's where the chosen one is gone. The caller stops its tracks.
 * Rejects with `MicrophoneProblem`.
 */
export async function openMicrophone(): Promise<MediaStream> {
  if (!isMicrophonePossible()) throw new MicrophoneProblem("insecure_page");
  const sound = { echoCancellation: true, noiseSuppression: true, autoGainControl: true };
  const { microphone } = chosenDevices();
  if (microphone) {
    try {
      return await navigator.mediaDevices.getUserMedia({
        audio: { ...sound, deviceId: { exact: microphone } },
      });
    } catch (error) {
      if (!(error instanceof DOMException) || error.name !== "OverconstrainedError") throw toProblem(error);
    }
  }
  try {
    return await navigator.mediaDevices.getUserMedia({ audio: sound });
  } catch (error) {
    throw toProblem(error);
  }
}

/** Send an element's sound to a chosen device; where the device is gone or the browser cannot, the system's stays. */
export async function routeSound(element: HTMLAudioElement, device: string): Promise<void> {
  if (typeof element.setSinkId !== "function") return;
  try {
    await element.setSinkId(device);
  } catch {
    await element.setSinkId("").catch(() => undefined);
  }
}

export interface DeviceList {
  microphones: MediaDeviceInfo[];
  speakers: MediaDeviceInfo[];
}

/** What is plugged in. Names are empty until the microphone has been allowed. */
export async function listDevices(): Promise<DeviceList> {
  if (!isMicrophonePossible()) return { microphones: [], speakers: [] };
  const all = await navigator.mediaDevices.enumerateDevices();
  return {
    microphones: all.filter((device) => device.kind === "audioinput" && device.deviceId !== ""),
    speakers: all.filter((device) => device.kind === "audiooutput" && device.deviceId !== ""),
  };
}
