import { describe, expect, it } from "vitest";
import { matchHotkey } from "./hotkeys";
import { ACTIONS, DEFAULT_KEYS, holderOf, hotkeyFor, printKeys, readKeys } from "./shortcuts";

function press(init: KeyboardEventInit, target: HTMLElement = document.body): KeyboardEvent {
  const event = new KeyboardEvent("keydown", { bubbles: true, ...init });
  target.dispatchEvent(event);
  return event;
}

describe("shortcuts", () => {
  it("have a key each, and no key twice", () => {
    expect(new Set(Object.values(DEFAULT_KEYS)).size).toBe(ACTIONS.length);
  });

  it("follow what the user chose, and are silent when switched off or without a key", () => {
    const act = () => undefined;
    const moved = hotkeyFor("mute", act, { isOn: true, changed: { mute: "Alt+KeyN" } });
    expect(moved && matchHotkey(press({ code: "KeyN", altKey: true }), [moved])).toBe(moved);
    expect(moved && matchHotkey(press({ code: "KeyM", altKey: true }), [moved])).toBeNull();
    expect(hotkeyFor("mute", act, { isOn: true, changed: { mute: "" } })).toBeNull();
    expect(hotkeyFor("mute", act, { isOn: false, changed: {} })).toBeNull();
  });

  it("open the palette with Ctrl or the command key, but not in the middle of a syllable", () => {
    const palette = hotkeyFor("palette", () => undefined, { isOn: true, changed: {} });
    const all = palette ? [palette] : [];
    expect(matchHotkey(press({ code: "KeyK", ctrlKey: true }), all)).toBe(palette);
    expect(matchHotkey(press({ code: "KeyK", metaKey: true }), all)).toBe(palette);
    expect(matchHotkey(press({ code: "KeyK", ctrlKey: true, isComposing: true }), all)).toBeNull();
  });

  it("show the sheet with ? only where nobody types", () => {
    const help = [{ sign: "?", act: () => undefined }];
    const field = document.body.appendChild(document.createElement("textarea"));
    expect(matchHotkey(press({ code: "Slash", key: "?", shiftKey: true }), help)).toBe(help[0]);
    expect(matchHotkey(press({ code: "Slash", key: "?", shiftKey: true }, field), help)).toBeNull();
  });
});

describe("choosing a key", () => {
  it("takes Alt, Ctrl or a function key, and leaves what types or belongs to the browser", () => {
    expect(readKeys(press({ code: "KeyN", altKey: true }))).toBe("Alt+KeyN");
    expect(readKeys(press({ code: "F7" }))).toBe("F7");
    expect(readKeys(press({ code: "KeyN" }))).toBe("taken");
    expect(readKeys(press({ code: "KeyN", altKey: true, ctrlKey: true }))).toBe("taken"); // AltGr on some keyboards
    expect(readKeys(press({ code: "KeyW", ctrlKey: true }))).toBe("taken");
    expect(readKeys(press({ code: "Digit3", altKey: true }))).toBe("taken");
  });

  it("waits while only a modifier is down, or an input method composes", () => {
    expect(readKeys(press({ code: "AltLeft", altKey: true }))).toBeNull();
    expect(readKeys(press({ code: "KeyN", altKey: true, isComposing: true }))).toBeNull();
  });

  it("knows who has a key already", () => {
    expect(holderOf("Alt+KeyM", {})).toBe("mute");
    expect(holderOf("Alt+KeyM", { mute: "Alt+KeyN" })).toBeNull();
    expect(printKeys("Alt+KeyM")).toBe("Alt M");
    expect(printKeys("Alt+Slash")).toBe("Alt /");
  });
});
