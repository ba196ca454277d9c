import { useEffect, useEffectEvent } from "react";
import { type Hotkey, matchHotkey } from "./hotkeys";

/** Listen for `hotkeys` while the component stands. */
export function useHotkeys(hotkeys: readonly Hotkey[]): void {
  const onKeyDown = useEffectEvent((event: KeyboardEvent) => {
    const hotkey = matchHotkey(event, hotkeys);
    if (!hotkey) return;
    event.preventDefault();
    hotkey.act();
  });
  useEffect(() => {
    const listen = (event: KeyboardEvent) => onKeyDown(event);
    window.addEventListener("keydown", listen);
    return () => window.removeEventListener("keydown", listen);
  }, []);
}
