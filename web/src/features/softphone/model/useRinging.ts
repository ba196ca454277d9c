import { useEffect, useEffectEvent } from "react";
import { flashTitle, notify } from "@/telephone/attention";
import { startRinging, stopRinging } from "@/telephone/ringer";
import { useTelephone } from "@/telephone/telephone";

interface Call {
  title: string;
  /** What a notification says: only what the desk itself may show, so a masked number stays masked. */
  body: string;
  tag: string;
}

/** Ring, flash and notify while the component stands. Only the tab that owns the telephone sounds and notifies. */
export function useRinging(call: Call): void {
  const isOwner = useTelephone((state) => state.place !== "elsewhere");
  const { tag, body } = call;
  const flash = useEffectEvent(() => flashTitle(`☎ ${call.title} ${call.body}`));
  useEffect(() => {
    void tag; // another offer flashes anew
    return flash();
  }, [tag]);
  useEffect(() => {
    if (!isOwner) return;
    startRinging();
    return stopRinging;
  }, [isOwner]);
  const tell = useEffectEvent(() => notify(call.title, body, tag));
  useEffect(() => {
    if (!isOwner || body === "") return;
    return tell();
  }, [isOwner, body]);
}
