import { useEffect, useState } from "react";
import { askToNotify } from "@/telephone/attention";
import { isMicrophonePossible, openMicrophone } from "@/telephone/devices";
import { useTelephone } from "@/telephone/telephone";

/** "unasked": the browser would ask; "impossible": the page is neither https nor localhost. */
export type MicrophonePermission = "unknown" | "unasked" | "granted" | "denied" | "impossible";

const OF_STATE: Record<PermissionState, MicrophonePermission> = {
  granted: "granted",
  denied: "denied",
  prompt: "unasked",
};

/** Whether this page may use the microphone, kept fresh; `allow` makes the browser ask, for notifications too. */
export function useMicrophonePermission(): { permission: MicrophonePermission; allow: () => Promise<void> } {
  const [permission, setPermission] = useState<MicrophonePermission>(
    isMicrophonePossible() ? "unknown" : "impossible",
  );
  useEffect(() => {
    if (!isMicrophonePossible()) return;
    let status: PermissionStatus | null = null;
    const read = () => status && setPermission(OF_STATE[status.state]);
    navigator.permissions
      ?.query({ name: "microphone" })
      .then((found) => {
        status = found;
        status.addEventListener("change", read);
        read();
      })
      .catch(() => undefined); // a browser that cannot tell asks at the first call
    return () => status?.removeEventListener("change", read);
  }, []);
  const allow = async () => {
    try {
      const stream = await openMicrophone();
      for (const track of stream.getTracks()) track.stop();
      setPermission("granted");
      useTelephone.setState({ trouble: null });
      await askToNotify();
    } catch {
      setPermission("denied");
    }
  };
  return { permission, allow };
}
