import { describe, expect, it } from "vitest";
import { type Hotkey, matchHotkey } from "./hotkeys";

const answer: Hotkey = { code: "F8", whileTyping: true, act: () => undefined };
const enter: Hotkey = { code: "Enter", act: () => undefined };
const mute: Hotkey = { code: "KeyM", alt: true, whileTyping: true, act: () => undefined };
const all = [answer, enter, mute];

function press(init: KeyboardEventInit, target: HTMLElement = document.body): KeyboardEvent {
  document.body.append(target === document.body ? document.createElement("i") : target);
  const event = new KeyboardEvent("keydown", { bubbles: true, ...init });
  target.dispatchEvent(event);
  return event;
}

describe("matchHotkey", () => {
  it("finds a key by its place on the keyboard, so that Alt+M works with every layout", () => {
    expect(matchHotkey(press({ code: "KeyM", key: "µ", altKey: true }), all)).toBe(mute);
    expect(matchHotkey(press({ code: "KeyM", key: "m" }), all)).toBeNull();
  });

  it("leaves keys alone that an input method is composing with", () => {
    expect(matchHotkey(press({ code: "Enter", isComposing: true }), all)).toBeNull();
    expect(matchHotkey(press({ code: "KeyM", altKey: true, isComposing: true }), all)).toBeNull();
  });

  it("does not take Enter from a text field or a button, but takes F8 everywhere", () => {
    const field = document.createElement("textarea");
    const button = document.createElement("button");
    expect(matchHotkey(press({ code: "Enter" }), all)).toBe(enter);
    expect(matchHotkey(press({ code: "Enter" }, field), all)).toBeNull();
    expect(matchHotkey(press({ code: "Enter" }, button), all)).toBeNull();
    expect(matchHotkey(press({ code: "F8" }, field), all)).toBe(answer);
  });

  it("does not act on a key held down, nor with Ctrl", () => {
    expect(matchHotkey(press({ code: "F8", repeat: true }), all)).toBeNull();
    expect(matchHotkey(press({ code: "KeyM", altKey: true, ctrlKey: true }), all)).toBeNull();
  });
});
