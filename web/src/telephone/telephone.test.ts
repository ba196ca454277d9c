import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { DeskCommand } from "@/live/messages";
import { CommandProblem } from "@/live/socket";
import { FakePhone } from "./fake-adapter";
import { noTelephone, Telephone, useTelephone } from "./telephone";

const identity = {
  username: "d7",
  password: "p",
  domain: "zhiyin",
  path: "/sip",
  call: null,
  expires_at: null,
};

function desk() {
  const phone = new FakePhone();
  const sent: DeskCommand[] = [];
  const answers: (() => Promise<unknown>)[] = [];
  const telephone = new Telephone({
    makeAdapter: () => Promise.resolve(phone),
    send: (command) => {
      sent.push(command);
      return answers.shift()?.() ?? Promise.resolve(identity);
    },
    holder: "tab1",
  });
  return { phone, telephone, sent, answers };
}

const state = () => useTelephone.getState();

describe("Telephone", () => {
  beforeEach(() => {
    vi.useFakeTimers();
    useTelephone.setState(noTelephone);
  });
  afterEach(() => vi.useRealTimers());

  it("gets an identity, registers and shows it", async () => {
    const { phone, telephone, sent } = desk();
    await telephone.open();
    phone.registration("registered");
    expect(sent).toEqual([{ do: "OpenTelephone", holder: "tab1" }]);
    expect(phone.identities).toEqual([identity]);
    expect(state()).toMatchObject({ place: "mine", registration: "registered" });
  });

  it("accepts the call of an offer that rings already", async () => {
    const { phone, telephone } = desk();
    await telephone.open();
    phone.ring("c1", { offer: "o1" });
    expect(state().call).toMatchObject({ offer: "o1", phase: "ringing" });
    await telephone.answer("o1");
    expect(phone.answered).toEqual(["c1"]);
    expect(state().call?.phase).toBe("talking");
  });

  it("waits for an INVITE that comes after the click", async () => {
    const { phone, telephone } = desk();
    await telephone.open();
    const clicked = telephone.answer("o1");
    await vi.advanceTimersByTimeAsync(1900);
    phone.ring("c1", { offer: "o1" });
    await clicked;
    expect(phone.answered).toEqual(["c1"]);
  });

  it("says so when the INVITE does not come within 2 s", async () => {
    const { telephone } = desk();
    await telephone.open();
    const clicked = expect(telephone.answer("o1")).rejects.toMatchObject({ code: "offer_not_ringing" });
    await vi.advanceTimersByTimeAsync(2000);
    await clicked;
  });

  it("answers by itself what carries an interaction: outbound, test and resumed calls", async () => {
    const { phone, telephone } = desk();
    await telephone.open();
    phone.ring("c1", { interaction: "i1" });
    await vi.advanceTimersByTimeAsync(0);
    expect(phone.answered).toEqual(["c1"]);
  });

  it("refuses a call that is for no offer, and a second offer during a call", async () => {
    const { phone, telephone } = desk();
    await telephone.open();
    phone.ring("stray");
    expect(phone.ended).toEqual(["stray"]);
    phone.ring("c1", { offer: "o1" });
    await telephone.answer("o1");
    phone.ring("c2", { offer: "o2" });
    expect(phone.ended).toEqual(["stray", "c2"]);
    expect(state().call).toMatchObject({ id: "c1", phase: "talking" });
  });

  it("moves to the engine's new leg when a call is resumed", async () => {
    const { phone, telephone } = desk();
    await telephone.open();
    phone.ring("old", { interaction: "i1" });
    await vi.advanceTimersByTimeAsync(0);
    phone.ring("new", { interaction: "i1" });
    await vi.advanceTimersByTimeAsync(0);
    expect(phone.ended).toEqual(["old"]);
    expect(state().call).toMatchObject({ id: "new", phase: "talking" });
  });

  it("rings on and says why when the microphone is not to be had, and can be answered after", async () => {
    const { phone, telephone } = desk();
    await telephone.open();
    phone.ring("c1", { offer: "o1" });
    phone.trouble = "denied";
    await expect(telephone.answer("o1")).rejects.toMatchObject({ trouble: "denied" });
    expect(state()).toMatchObject({ trouble: "denied", call: { phase: "ringing" } });
    phone.trouble = null;
    await telephone.answerRinging();
    expect(state()).toMatchObject({ trouble: null, call: { phase: "talking" } });
  });

  it("mutes only a running call and forgets it with the call", async () => {
    const { phone, telephone } = desk();
    await telephone.open();
    telephone.setMuted(true);
    expect(state().isMuted).toBe(false);
    phone.ring("c1", { interaction: "i1" });
    await vi.advanceTimersByTimeAsync(0);
    telephone.setMuted(true);
    expect(phone.muted).toEqual([["c1", true]]);
    telephone.endHere();
    expect(state()).toMatchObject({ call: null, isMuted: false });
  });

  it("ends the call that was meant, and none that came after it", async () => {
    const { phone, telephone } = desk();
    await telephone.open();
    phone.ring("c2", { interaction: "i2" });
    await vi.advanceTimersByTimeAsync(0);
    telephone.endHere("c1");
    expect(phone.ended).toEqual([]);
    telephone.endHere("c2");
    expect(phone.ended).toEqual(["c2"]);
  });

  it("asks for a new identity when the old one is refused, and when the engine was away", async () => {
    const { phone, telephone, sent, answers } = desk();
    answers.push(() => Promise.reject(new CommandProblem({ code: "engine_away", facts: {} })));
    await telephone.open();
    expect(state().registration).toBe("failed");
    await vi.advanceTimersByTimeAsync(1000);
    expect(phone.identities).toHaveLength(1);
    phone.registration("failed", true);
    await vi.advanceTimersByTimeAsync(2000);
    expect(sent).toHaveLength(3);
    expect(phone.identities).toHaveLength(2);
  });

  it("falls silent when another tab takes over", async () => {
    const { phone, telephone, sent } = desk();
    await telephone.open();
    telephone.close("elsewhere");
    expect(phone.isClosed).toBe(true);
    expect(state()).toMatchObject({ place: "elsewhere", registration: "off", call: null });
    expect(sent.map((command) => command.do)).toEqual(["OpenTelephone"]);
    await vi.advanceTimersByTimeAsync(60_000);
    expect(sent).toHaveLength(1);
  });
});
