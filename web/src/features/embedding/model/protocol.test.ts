import { describe, expect, it } from "vitest";
import { PROTOCOL, readMessage, VERSION } from "./protocol";

const wish = (fields: object) =>
  readMessage({ protocol: PROTOCOL, version: VERSION, type: "command", id: "1", ...fields });
const read = (fields: object) => {
  const message = wish(fields);
  return message?.type === "command" ? message.command : undefined;
};

describe("what the page around says", () => {
  it("is read field by field, and nothing else is taken along", () => {
    expect(readMessage({ protocol: PROTOCOL, version: 1, type: "hello", more: 1 })).toEqual({
      type: "hello",
    });
    expect(read({ command: "dial", number: "10086", is_override: true })).toEqual({
      command: "dial",
      target: { kind: "number", number: "10086" },
    });
    expect(read({ command: "transfer", agent: 7, note: "VIP", contact: "c1" })).toEqual({
      command: "transfer",
      target: { kind: "agent", target: 7 },
      note: "VIP",
      contact: "c1",
    });
    expect(read({ command: "set_state", state: "not_ready", reason: "meal" })).toEqual({
      command: "set_state",
      state: "not_ready",
      reason: "meal",
    });
    expect(read({ command: "complete_wrap_up" })).toEqual({ command: "complete_wrap_up", then_ready: true });
    expect(read({ command: "attach_data", data: { order: "" } })).toEqual({
      command: "attach_data",
      data: { order: "" },
    });
  });

  it.each([
    ["nothing", null],
    ["a text", "hello"],
    ["a list", [{ protocol: PROTOCOL, version: VERSION, type: "hello" }]],
    ["a map", new Map([["protocol", PROTOCOL]])],
    ["another protocol", { protocol: "other", version: 1, type: "hello" }],
    ["another version", { protocol: PROTOCOL, version: 2, type: "hello" }],
    ["a version as text", { protocol: PROTOCOL, version: "1", type: "hello" }],
    ["another type", { protocol: PROTOCOL, version: 1, type: "event", id: "1" }],
    ["a command without id", { protocol: PROTOCOL, version: 1, type: "command", command: "answer" }],
    ["an id that is too long", { protocol: PROTOCOL, version: 1, type: "command", id: "x".repeat(65) }],
  ])("is passed over in silence where it is %s", (_, value) => {
    expect(readMessage(value)).toBeNull();
  });

  it.each([
    ["no command", {}],
    ["a name from the prototype", { command: "constructor" }],
    ["two targets", { command: "dial", number: "1", agent: 1 }],
    ["no target", { command: "dial" }],
    ["a huge number", { command: "dial", number: "9".repeat(41) }],
    ["an agent that is none", { command: "dial", agent: 1.5 }],
    ["an agent as text", { command: "transfer", agent: "7" }],
    ["a huge note", { command: "transfer", queue: 1, note: "x".repeat(501) }],
    ["keys that no telephone has", { command: "send_digits", digits: "12a" }],
    ["no reason", { command: "set_state", state: "not_ready" }],
    ["a state that nobody chooses", { command: "set_state", state: "talking" }],
    ["data in data", { command: "attach_data", data: { a: { b: "c" } } }],
    ["no data", { command: "attach_data", data: {} }],
    [
      "too much data",
      { command: "attach_data", data: Object.fromEntries([...Array(21).keys()].map((n) => [n, ""])) },
    ],
    ["a contact that is none", { command: "hang_up", contact: 7 }],
    ["neither muted nor not", { command: "mute", is_muted: "yes" }],
  ])("is told to be wrong where it holds %s", (_, fields) => {
    expect(wish(fields)).toEqual({ type: "command", id: "1", command: null });
  });
});
