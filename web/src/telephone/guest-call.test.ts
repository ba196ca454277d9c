import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { ApiProblem } from "@/api/problem";
import { FakePhone } from "@/telephone/fake-adapter";
import { MicrophoneProblem } from "@/telephone/port";
import { GuestCall, type GuestCallOptions, type GuestCallState } from "./guest-call";

const identity = {
  username: "g1",
  password: "p",
  domain: "zhiyin",
  path: "/sip",
  call: "4008001234",
  expires_at: null,
};

function visitor(own: Partial<GuestCallOptions> = {}) {
  const phone = new FakePhone();
  const states: GuestCallState[] = [];
  let now = 0;
  const call = new GuestCall({
    makeAdapter: () => Promise.resolve(phone),
    tryMicrophone: () => Promise.resolve(),
    getIdentity: () => Promise.resolve(identity),
    onChange: (state) => states.push(state),
    now: () => now,
    ...own,
  });
  const reach = async () => {
    await call.begin();
    phone.registration("registered");
    await vi.advanceTimersByTimeAsync(0);
  };
  return { phone, states, call, reach, wait: (ms: number) => (now += ms) };
}

const id = "to-4008001234";
const last = (states: GuestCallState[]) => states.at(-1);

describe("GuestCall", () => {
  beforeEach(() => vi.useFakeTimers());
  afterEach(() => vi.useRealTimers());

  it("goes from the click to the conversation and its end", async () => {
    const { phone, states, call, reach, wait } = visitor();
    await reach();
    phone.tell({ type: "ringing", id });
    phone.tell({ type: "accepted", id });
    wait(12_000);
    call.press("1");
    call.setMuted(true);
    call.hangUp();
    expect(states.map((state) => state.step)).toEqual([
      "asking",
      "connecting",
      "ringing",
      "talking",
      "talking",
      "ended",
    ]);
    expect(phone.digits).toEqual(["1"]);
    expect(phone.muted).toEqual([[id, true]]);
    expect(last(states)).toEqual({ step: "ended", end: "hangup", talked_s: 12 });
    expect(phone.isClosed).toBe(true);
  });

  it.each([
    ["no microphone", new MicrophoneProblem("denied"), "denied"],
    [
      "too many calls from this address",
      new ApiProblem({ code: "too_many_requests", status: 429 }),
      "too_many_requests",
    ],
    ["all lines busy", new ApiProblem({ code: "too_many_calls", status: 409 }), "busy"],
    ["switched off", new ApiProblem({ code: "guest_calling_off", status: 409 }), "unavailable"],
    ["no network", new ApiProblem({ code: "offline", status: 0 }), "offline"],
  ] as const)("says why it cannot call: %s", async (_name, error, why) => {
    const { states, call } = visitor(
      error instanceof MicrophoneProblem
        ? { tryMicrophone: () => Promise.reject(error) }
        : { getIdentity: () => Promise.reject(error) },
    );
    await call.begin();
    expect(last(states)).toEqual({ step: "failed", why });
  });

  it("gives up when the telephone does not connect", async () => {
    const { states, call } = visitor();
    await call.begin();
    await vi.advanceTimersByTimeAsync(15_000);
    expect(last(states)).toEqual({ step: "failed", why: "offline" });
  });

  it("tells a call that is refused from one that was had", async () => {
    const { phone, states, reach } = visitor();
    await reach();
    phone.tell({ type: "ended", id, end: "unreachable" });
    expect(last(states)).toEqual({ step: "failed", why: "unavailable" });
  });

  it("ends a call whose other side has gone without a word, and not one that only stumbles", async () => {
    const { phone, states, reach, wait } = visitor();
    await reach();
    phone.tell({ type: "accepted", id });
    const reading = (loss_pct: number) =>
      phone.tell({ type: "quality", id, quality: { level: "poor", loss_pct, jitter_ms: 0, rtt_ms: null } });
    for (const loss_pct of [100, 100, 100, 100, 40, 100, 100, 100, 100]) reading(loss_pct);
    expect(last(states)?.step).toBe("talking");
    wait(20_000);
    reading(100);
    expect(last(states)).toEqual({ step: "ended", end: "lost", talked_s: 20 });
  });

  it("can be given up before it rings, and begun again", async () => {
    const { states, call, reach } = visitor();
    await call.begin();
    call.hangUp();
    expect(last(states)).toMatchObject({ step: "ended", end: "cancelled" });
    await reach();
    expect(last(states)?.step).toBe("connecting");
  });
});
