import { useQuery } from "@tanstack/react-query";
import i18next from "i18next";
import { useEffect, useEffectEvent, useRef } from "react";
import { reasonsQuery } from "@/api/settings";
import { localName } from "@/lib/names";
import { useLive } from "@/live/store";
import { useTelephone } from "@/telephone/telephone";
import { Host } from "./host";
import { obey } from "./obey";
import type { HostEvent, Reason, ToldState } from "./protocol";
import { eventsBetween, nothingTold, tellState } from "./told";

function tellNow(): ToldState {
  const { isLoaded, me, mine, queues } = useLive.getState();
  const { registration, isMuted } = useTelephone.getState();
  const can_talk = me !== null && (me.telephone !== "browser" || registration === "registered");
  const language = i18next.language;
  return isLoaded ? tellState({ me, mine, queues, can_talk, is_muted: isMuted, language }) : nothingTold;
}

interface Around {
  /** Whom the company allows; undefined: not known yet. */
  origins: readonly string[] | undefined;
  /** The login stands on this page. */
  needsLogin: boolean;
  isLoggedIn: boolean;
}

/** Tell the page around what happens here, and do what it asks, while the component stands. */
export function useHost({ origins, needsLogin, isLoggedIn }: Around): void {
  const reasons = useQuery({ ...reasonsQuery, enabled: isLoggedIn }).data;
  const tellReasons = useEffectEvent((): Reason[] =>
    (reasons ?? []).map((each) => ({
      code: each.code,
      name: localName(each, i18next.language),
      is_rest: each.is_rest,
    })),
  );
  const isAllowed = useEffectEvent((origin: string) => origins?.includes(origin) ?? false);
  const agent = useLive((state) => (state.isLoaded ? (state.me?.id ?? null) : null));
  /** Who is here, once all that belongs to it is known. */
  const presence = agent !== null && reasons ? "agent" : needsLogin ? "nobody" : "unknown";
  const greeting = useEffectEvent((): HostEvent[] => {
    const now = tellNow();
    if (presence === "agent" && now.agent)
      return [{ event: "ready", agent: now.agent, reasons: tellReasons() }];
    return presence === "nobody" ? [{ event: "login_needed" }] : [];
  });
  const host = useRef<Host | null>(null);
  const isOpen = origins !== undefined && window.parent !== window;
  useEffect(() => {
    if (!isOpen) return;
    let told = nothingTold;
    const opened = new Host({
      window,
      isAllowed: (origin) => isAllowed(origin),
      onHello: () => {
        told = tellNow();
        for (const event of greeting()) opened.tell(event);
        opened.tell({ event: "state_changed", state: told });
      },
      obey: (command) => obey(command, tellNow),
    });
    const follow = () => {
      const now = tellNow();
      for (const event of eventsBetween(told, now)) opened.tell(event);
      told = now;
    };
    const stops = [opened.open(), useLive.subscribe(follow), useTelephone.subscribe(follow)];
    host.current = opened;
    return () => {
      for (const stop of stops) stop();
      host.current = null;
    };
  }, [isOpen]);
  useEffect(() => {
    void presence; // another presence is told anew
    for (const event of greeting()) host.current?.tell(event);
  }, [presence]);
}
