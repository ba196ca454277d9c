import { useEffect, useEffectEvent } from "react";
import { type Hotkey, matchHotkey } from "./hotkeys";
import { type Action, hotkeyFor, useShortcuts } from "./shortcuts";

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

/** Do what the user's shortcuts mean while the component stands. */
export function useShortcutActions(acts: Partial<Record<Action, () => void>>): void {
  const shortcuts = useShortcuts();
  const entries = Object.entries(acts) as [Action, () => void][];
  useHotkeys(
    entries.map(([action, act]) => hotkeyFor(action, act, shortcuts)).filter((hotkey) => hotkey !== null),
  );
}
