/** Which keys do what: the shortcuts by their actions, as each user has set them. */
import { create } from "zustand";
import { type Hotkey, isComposing } from "./hotkeys";

/** Every action that has a key, with the key it has unless the user chose another; "" is none. */
export const DEFAULT_KEYS = {
  answer: "F8",
  hangUp: "F9",
  mute: "Alt+KeyM",
  hold: "Alt+KeyH",
  transfer: "Alt+KeyT",
  swap: "Alt+KeyS",
  dial: "Alt+KeyD",
  next: "Alt+KeyJ",
  previous: "Alt+KeyK",
  complete: "Alt+Enter",
  panel: "Alt+KeyP",
  grantRest: "Alt+KeyG",
  refuseRest: "Alt+KeyR",
  palette: "Ctrl+KeyK",
  sheet: "Alt+Slash",
} as const;

export type Action = keyof typeof DEFAULT_KEYS;
export type Keys = Partial<Record<Action, string>>;

export const ACTIONS = Object.keys(DEFAULT_KEYS) as readonly Action[];

interface Shortcuts {
  isOn: boolean;
  /** Only what differs from the defaults. */
  changed: Keys;
}

export const useShortcuts = create<Shortcuts>(() => ({ isOn: true, changed: {} }));

export function keysOf(action: Action, changed: Keys): string {
  return changed[action] ?? DEFAULT_KEYS[action];
}

/** The hotkey that does `action`; null where it has no key, or shortcuts are off. */
export function hotkeyFor(action: Action, act: () => void, { isOn, changed }: Shortcuts): Hotkey | null {
  const keys = keysOf(action, changed);
  if (!isOn || keys === "") return null;
  const code = keys.split("+").at(-1) ?? "";
  return { code, alt: keys.startsWith("Alt+"), ctrl: keys.startsWith("Ctrl+"), whileTyping: true, act };
}

const NAMES: Record<string, string> = { Slash: "/", Period: ".", Comma: ",", Backquote: "`", Minus: "-" };

/** Keys as they are printed on a keyboard: "Alt M". */
export function printKeys(keys: string): string {
  return keys
    .split("+")
    .map((part) => NAMES[part] ?? part.replace(/^(Key|Digit)/, ""))
    .join(" ");
}

/** How a shortcut's key is shown beside what it does; "" where there is none. */
export function usePrintedKeys(action: Action): string {
  return useShortcuts(({ isOn, changed }) => (isOn ? printKeys(keysOf(action, changed)) : ""));
}

const FREE_ALONE = /^F([1-9]|1[0-2])$/;
/** What browsers and systems keep for themselves, or the desk: Alt+1 to 9 change the state. */
const TAKEN = /^(Alt\+(Digit\d|F4|Tab|KeyF)|Ctrl\+Key[CVXAZWTN]|F5|F11|F12)$/;

/** What a key press means when a shortcut is chosen: its name, "taken" where it is not free, null while there is none. */
export function readKeys(event: KeyboardEvent): string | null {
  if (isComposing(event) || /^(Alt|Control|Shift|Meta)/.test(event.code)) return null;
  if (event.shiftKey || event.metaKey || event.code === "") return "taken";
  const keys = `${event.altKey ? "Alt+" : ""}${event.ctrlKey ? "Ctrl+" : ""}${event.code}`;
  const isFree = event.altKey !== event.ctrlKey || FREE_ALONE.test(keys);
  return isFree && !TAKEN.test(keys) ? keys : "taken";
}

/** The action that has these keys already, or null. */
export function holderOf(keys: string, changed: Keys): Action | null {
  return ACTIONS.find((action) => keysOf(action, changed) === keys) ?? null;
}
