import { act, fireEvent, render, screen } from "@testing-library/react";
import { App } from "antd";
import i18next from "i18next";
import { initReactI18next } from "react-i18next";
import { afterEach, beforeAll, beforeEach, expect, it, vi } from "vitest";
import { interactionRow } from "@/live/builders";
import type { DeskCommand, InteractionRow } from "@/live/messages";
import { CommandProblem } from "@/live/socket";
import { send } from "@/live/store";
import { noTelephone, useTelephone } from "@/telephone/telephone";
import en from "../locales/en.json";
import { telephone } from "../model/telephone-of-this-tab";
import { CallBar } from "./CallBar";

vi.mock("@/live/store", async (original) => ({
  ...(await original<typeof import("@/live/store")>()),
  send: vi.fn(),
}));
vi.mock("./CallSummary", () => ({ CallSummary: () => null })); // leads to a page: needs the router

/** What was asked and waits for its answer, by its kind. */
const asked = new Map<DeskCommand["do"], { answer: () => void; refuse: (code: string) => void }>();
const ended = vi.fn<(id?: string) => void>();

beforeAll(async () => {
  await i18next
    .use(initReactI18next)
    .init({ lng: "en", ns: ["softphone"], resources: { en: { softphone: en } } });
});

beforeEach(() => {
  asked.clear();
  ended.mockReset();
  vi.mocked(send).mockReset();
  vi.mocked(send).mockImplementation(
    (command) =>
      new Promise((resolve, reject) => {
        const refuse = (code: string) => reject(new CommandProblem({ code, facts: {} }));
        asked.set(command.do, { answer: () => resolve(null), refuse });
      }),
  );
  vi.spyOn(telephone, "endHere").mockImplementation((id) => ended(id));
  const call = { id: "c1", offer: "o1", interaction: null, phase: "talking" as const };
  useTelephone.setState({ ...noTelephone, place: "mine", call });
});

afterEach(async () => {
  await act(async () => {
    for (const { answer } of asked.values()) answer(); // else a patience that runs out is another test's
  });
  vi.useRealTimers();
});

const bar = (phase: "talking" | "held" = "talking", own: Partial<InteractionRow> = {}) =>
  render(
    <App>
      <CallBar row={interactionRow({ phase, ...own })} />
    </App>,
  );
const hangUp = () => screen.getByRole("button", { name: new RegExp(`${en.call.hangUp}$`) });
const isTurning = () => hangUp().className.includes("loading");

it("hangs up while the answer to resume is on its way: the click was swallowed", () => {
  bar("held");
  fireEvent.click(screen.getByRole("button", { name: en.call.held }));
  expect([...asked.keys()]).toEqual(["Resume"]);
  fireEvent.click(hangUp());
  expect([...asked.keys()]).toEqual(["Resume", "HangUp"]);
});

it("asks once, however often it is clicked, and again once it was answered", async () => {
  bar();
  fireEvent.click(hangUp());
  fireEvent.click(hangUp());
  expect(send).toHaveBeenCalledOnce();
  expect(isTurning()).toBe(true);
  await act(async () => asked.get("HangUp")?.answer());
  expect(isTurning()).toBe(false);
  expect(ended).not.toHaveBeenCalled();
  fireEvent.click(hangUp());
  expect(send).toHaveBeenCalledTimes(2);
});

it.each(["offline", "engine_away", "connection_lost", "not_your_call"])(
  "ends the call at the telephone and has the button back where the engine says %s",
  async (code) => {
    bar();
    fireEvent.click(hangUp());
    await act(async () => asked.get("HangUp")?.refuse(code));
    expect(ended).toHaveBeenCalledExactlyOnceWith("c1");
    expect(isTurning()).toBe(false);
    expect(document.querySelector(".ant-message-error")).not.toBeNull();
  },
);

it("keeps nobody on the line while the engine is silent, and touches no call that came after", async () => {
  vi.useFakeTimers();
  bar();
  fireEvent.click(hangUp());
  await vi.advanceTimersByTimeAsync(2_900);
  expect(ended).not.toHaveBeenCalled();
  await vi.advanceTimersByTimeAsync(200);
  expect(ended).toHaveBeenCalledExactlyOnceWith("c1");
  useTelephone.setState({ call: { id: "c2", offer: "o2", interaction: null, phase: "ringing" } });
  await act(async () => asked.get("HangUp")?.refuse("no_answer_in_time"));
  expect(ended.mock.calls).toEqual([["c1"], ["c1"]]);
});

it("does not offer to resume what the agent's own telephone holds, and says where it is resumed", () => {
  bar("held", { is_held_on_telephone: true });
  expect(screen.getByRole("button", { name: en.call.held })).toHaveProperty("disabled", true);
  expect(screen.getByRole("status").textContent).toBe(en.call.heldThere);
  fireEvent.keyDown(window, { code: "KeyH", altKey: true });
  expect(send).not.toHaveBeenCalled();
});

it("offers to resume what the desk holds", () => {
  bar("held");
  expect(screen.getByRole("button", { name: en.call.held })).toHaveProperty("disabled", false);
  expect(screen.queryByRole("status")).toBeNull();
});
