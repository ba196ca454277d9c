/** Keyboard shortcuts: with Alt or a function key, so that they never fight with typing, and blind to input methods. */

export interface Hotkey {
  /** As KeyboardEvent.code names the key's place: "KeyM", "Digit1", "F8", "Enter". */
  code: string;
  alt?: boolean;
  /** Acts while the cursor stands in a text field too. Alt and function keys may; a bare Enter may not. */
  whileTyping?: boolean;
  act: () => void;
}

function isTyping(target: EventTarget | null): boolean {
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

/** Return the shortcut that `event` means, or null. Keys of an input method in composition never match. */
export function matchHotkey(event: KeyboardEvent, hotkeys: readonly Hotkey[]): Hotkey | null {
  if (event.isComposing || event.keyCode === 229 || event.repeat) return null;
  if (event.ctrlKey || event.metaKey || event.shiftKey) return null;
  const match = hotkeys.find(
    (hotkey) => hotkey.code === event.code && (hotkey.alt ?? false) === event.altKey,
  );
  if (!match) return null;
  if (!match.whileTyping && isTyping(event.target)) return null;
  if (match.code === "Enter" && isPressable(event.target)) return null;
  return match;
}
