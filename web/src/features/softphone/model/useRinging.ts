import { useEffect, useEffectEvent } from "react";
import { soundOf, useSounds } from "@/lib/sounds";
import { flashTitle, notify } from "@/telephone/attention";
import { startRinging, stopRinging } from "@/telephone/ringer";
import { useTelephone } from "@/telephone/telephone";

interface Call {
  title: string;
  /** What a notification says: only what the desk itself may show, so a masked number stays masked. */
  body: string;
  tag: string;
  /** whose calls may ring in their own way, or not at all */
  queue: number | null;
}

/** Ring (unless the queue is muted), flash and notify while the component stands. Only the tab that owns the telephone sounds and notifies. */
export function useRinging(call: Call): void {
  const isOwner = useTelephone((state) => state.place !== "elsewhere");
  const { tag, body, queue } = call;
  const { tune, is_muted: isMuted } = useSounds(({ byQueue }) => soundOf(queue, byQueue));
  const flash = useEffectEvent(() => flashTitle(`☎ ${call.title} ${call.body}`));
  useEffect(() => {
    void tag; // another offer flashes anew
    return flash();
  }, [tag]);
  useEffect(() => {
    if (!isOwner || isMuted) return;
    startRinging(tune);
    return stopRinging;
  }, [isOwner, isMuted, tune]);
  const tell = useEffectEvent(() => notify(call.title, body, tag));
  useEffect(() => {
    if (!isOwner || body === "") return;
    return tell();
  }, [isOwner, body]);
}
