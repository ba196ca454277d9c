import { expect, it } from "vitest";
import { Host, type HostWindow, type Outcome } from "./host";
import type { HostCommand } from "./protocol";

const CRM = "https://crm.example";

/** A page around and its windows: what is posted to it, and what it says. */
function around(allowed: string[] = [CRM]) {
  const posted: { message: Record<string, unknown>; to: string }[] = [];
  const parent = {
    postMessage: (message: Record<string, unknown>, to: string) => posted.push({ message, to }),
  };
  const listeners = new Set<(event: MessageEvent) => void>();
  const obeyed: HostCommand[] = [];
  let now_ms = 0;
  const host = new Host({
    window: {
      parent,
      addEventListener: (_: "message", listener: (event: MessageEvent) => void) => listeners.add(listener),
      removeEventListener: (_: "message", listener: (event: MessageEvent) => void) =>
        listeners.delete(listener),
    } as unknown as HostWindow,
    isAllowed: (origin) => allowed.includes(origin),
    onHello: () => host.tell({ event: "login_needed" }),
    obey: async (command): Promise<Outcome> => {
      obeyed.push(command);
      return { result: null };
    },
    now_ms: () => now_ms,
  });
  const say = async (fields: object, { origin = CRM, source = parent as unknown } = {}) => {
    const data = { protocol: "zhiyin.telephone", version: 1, ...fields };
    for (const listener of listeners) listener({ origin, source, data } as MessageEvent);
    await new Promise((done) => setTimeout(done));
  };
  const types = () => posted.map(({ message }) => message.event ?? message.type);
  return { host, say, posted, obeyed, types, allowed, wait: (ms: number) => (now_ms += ms) };
}

it("says nothing before the page around said hello, and then to that origin alone", async () => {
  const { host, say, posted, types } = around();
  host.open();
  host.tell({ event: "login_needed" });
  await say({ type: "command", id: "1", command: "answer" });
  expect(posted).toEqual([]);
  await say({ type: "hello" });
  await say({ type: "command", id: "1", command: "answer" });
  expect(types()).toEqual(["welcome", "login_needed", "reply"]);
  expect(new Set(posted.map(({ to }) => to))).toEqual(new Set([CRM]));
});

it("hears nobody but its parent, and no origin that is not allowed, without looking at what they say", async () => {
  const { host, say, posted, obeyed } = around();
  host.open();
  await say({ type: "hello" });
  const before = posted.length;
  const wish = { type: "command", id: "1", command: "answer" };
  await say(wish, { source: {} });
  for (const origin of ["https://evil.example", "https://crm.example.evil.example", "null", ""])
    await say(wish, { origin });
  expect([posted.length, obeyed]).toEqual([before, []]);
});

it("falls silent when the company takes the origin off its list", async () => {
  const { host, say, posted, allowed } = around();
  host.open();
  await say({ type: "hello" });
  allowed.length = 0;
  const before = posted.length;
  host.tell({ event: "login_needed" });
  await say({ type: "command", id: "1", command: "answer" });
  expect(posted.length).toBe(before);
});

it("refuses what is no command, and more commands than anybody gives", async () => {
  const { host, say, posted, obeyed, wait } = around();
  host.open();
  await say({ type: "hello" });
  await say({ type: "command", id: "bad", command: "format" });
  expect(posted.at(-1)?.message).toMatchObject({ id: "bad", problem: { code: "bad_command" } });
  for (let n = 0; n < 25; n += 1) await say({ type: "command", id: `${n}`, command: "answer" });
  expect(obeyed.length).toBe(20);
  expect(posted.at(-1)?.message).toMatchObject({ id: "24", problem: { code: "too_many_requests" } });
  wait(1000);
  await say({ type: "command", id: "later", command: "answer" });
  expect(posted.at(-1)?.message).toMatchObject({ id: "later", result: null });
});

it("hears nothing more once closed", async () => {
  const { host, say, posted } = around();
  host.open()();
  await say({ type: "hello" });
  expect(posted).toEqual([]);
});
