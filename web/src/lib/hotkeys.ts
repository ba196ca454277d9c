/** Keyboard shortcuts: with Alt or a function key, so that they never fight with typing, and blind to input methods. */

interface Act {
  /** Acts while the cursor stands in a text field too. Alt and function keys may; a bare Enter may not. */
  whileTyping?: boolean;
  act: () => void;
}

/** A key by its place. */
export interface KeyHotkey extends Act {
  /** As KeyboardEvent.code names the key's place: "KeyM", "Digit1", "F8", "Enter". */
  code: string;
  alt?: boolean;
  ctrl?: boolean;
}

/** A key by the sign it writes, wherever the layout has it: "?". */
export interface SignHotkey extends Act {
  sign: string;
}

export type Hotkey = KeyHotkey | SignHotkey;

export function isTyping(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false;
  return target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName);
}

/** A bare Enter belongs to whatever has the focus: a button or link is pressed by it. */
function isPressable(target: EventTarget | null): boolean {
  return (
    target instanceof HTMLElement &&
    target.closest("a,button,[role=button],[role=menuitem],[role=option],[role=tab]") !== null
  );
}

/** An input method has this key: 229 is what browsers say that know no `isComposing`. */
export function isComposing(event: KeyboardEvent): boolean {
  return event.isComposing || event.keyCode === 229;
}

function isMeant(hotkey: Hotkey, event: KeyboardEvent): boolean {
  if ("sign" in hotkey) return hotkey.sign === event.key && !event.ctrlKey && !event.altKey && !event.metaKey;
  if (event.shiftKey || hotkey.code !== event.code) return false;
  return (
    (hotkey.alt ?? false) === event.altKey && (hotkey.ctrl ?? false) === (event.ctrlKey || event.metaKey)
  );
}

/** Return the shortcut that `event` means, or null. Keys of an input method in composition never match, nor AltGr. */
export function matchHotkey(event: KeyboardEvent, hotkeys: readonly Hotkey[]): Hotkey | null {
  if (isComposing(event) || event.repeat || event.getModifierState("AltGraph")) return null;
  const match = hotkeys.find((hotkey) => isMeant(hotkey, event));
  if (!match) return null;
  if (!match.whileTyping && isTyping(event.target)) return null;
  if ("code" in match && match.code === "Enter" && isPressable(event.target)) return null;
  return match;
}
