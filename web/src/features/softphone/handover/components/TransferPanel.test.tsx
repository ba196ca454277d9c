import { fireEvent, render, screen } from "@testing-library/react";
import { App } from "antd";
import i18next from "i18next";
import { initReactI18next } from "react-i18next";
import { beforeAll, beforeEach, expect, it, vi } from "vitest";
import { agentRow, interactionRow } from "@/live/builders";
import type { InteractionRow } from "@/live/messages";
import { send, useLive } from "@/live/store";
import en from "../locales/en.json";
import { TransferPanel } from "./TransferPanel";

vi.mock("@/live/store", async (original) => ({
  ...(await original<typeof import("@/live/store")>()),
  send: vi.fn(async () => null),
}));
vi.mock("@/api/session", () => ({ useUser: () => ({ agent: { id: 7 } }) }));
vi.mock("../../deferred/InsteadActions", () => ({ InsteadActions: () => null }));

beforeAll(async () => {
  await i18next.use(initReactI18next).init({ lng: "en", resources: { en: { handover: en } } });
});

beforeEach(() => {
  vi.mocked(send).mockClear();
  useLive.setState({
    me: agentRow({ id: 7 }),
    colleagues: [{ id: 8, name: "Li Qiang", state: "ready" }],
    queues: [{ id: 1, name: "售后", name_en: "After-sales", waiting: 0, agents_ready: 1 }],
  });
});

const panel = (own: Partial<InteractionRow>) =>
  render(
    <App>
      <TransferPanel row={interactionRow({ phase: "held", ...own })} onDone={() => undefined} />
    </App>,
  );
const way = (name: string) => screen.getByLabelText(name); // by role takes seconds among so many styles
const isDisabled = (name: string) => (way(name) as HTMLButtonElement).disabled;

it("offers no consultation while the agent's own telephone holds, says why, and still hands on", async () => {
  panel({ is_held_on_telephone: true });
  expect(isDisabled("Consult Li Qiang")).toBe(true);
  expect(screen.getByText(en.heldOnTelephone)).toBeTruthy();
  fireEvent.pointerEnter(way("Consult Li Qiang"));
  expect((await screen.findByRole("tooltip")).textContent).toBe(en.heldOnTelephone);
  fireEvent.click(way("Consult Li Qiang"));
  expect(send).not.toHaveBeenCalled();
  fireEvent.click(way("Transfer Li Qiang"));
  expect(send).toHaveBeenCalledWith({ do: "Transfer", interaction: "i1", kind: "agent", target: 8 });
});

it.each(["queue", "number"] as const)("nor of a %s", (kind) => {
  panel({ is_held_on_telephone: true });
  fireEvent.click(screen.getByText(en[kind], { selector: "label *" }));
  if (kind === "number")
    fireEvent.change(screen.getByRole("textbox", { name: en.number }), { target: { value: "13812345678" } });
  const of = kind === "queue" ? " After-sales" : "";
  expect([isDisabled(`Consult${of}`), isDisabled(`Transfer${of}`)]).toEqual([true, false]);
});

it("offers a consultation while the desk holds, and nothing is explained", () => {
  panel({ is_held_on_telephone: false });
  expect(screen.queryByText(en.heldOnTelephone)).toBeNull();
  fireEvent.click(way("Consult Li Qiang"));
  expect(send).toHaveBeenCalledWith({ do: "Consult", interaction: "i1", kind: "agent", target: 8 });
});
