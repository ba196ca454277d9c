import { fireEvent, render, screen, within } from "@testing-library/react";
import { App } from "antd";
import i18next from "i18next";
import { initReactI18next } from "react-i18next";
import { beforeAll, beforeEach, expect, it, vi } from "vitest";
import { agentRow, interactionRow } from "@/live/builders";
import type { FailedHandoverRow, InteractionRow } from "@/live/messages";
import { send, useLive } from "@/live/store";
import en from "../locales/en.json";
import { ConsultCard } from "./ConsultCard";
import { FailedConsult } from "./FailedConsult";
import { HandoverNotice } from "./HandoverNotice";

vi.mock("@/live/store", async (original) => ({
  ...(await original<typeof import("@/live/store")>()),
  send: vi.fn(async () => null),
}));
vi.mock("@/live/useServerNow", () => ({ useServerNow: () => Date.parse("2026-11-21T06:10:00Z") }));

const failed: FailedHandoverRow = {
  how: "consult",
  by_agent: 7,
  kind: "agent",
  target: 8,
  number: null,
  word: "rejected",
  at: "2026-11-21T06:01:00Z",
};
const queue = { id: 1, name: "售后", name_en: "After-sales", waiting: 0, agents_ready: 0 };

beforeAll(async () => {
  await i18next
    .use(initReactI18next)
    .init({ lng: "en", ns: ["handover"], resources: { en: { handover: en } } });
});

beforeEach(() => {
  useLive.setState({
    me: agentRow({ id: 7 }),
    colleagues: [{ id: 8, name: "Li Qiang", state: "not_ready" }],
    queues: [queue],
  });
});

const shown = (own: Partial<InteractionRow>, What: typeof FailedConsult) =>
  render(
    <App>
      <What row={interactionRow(own)} />
    </App>,
  );

it("tells why nobody came, that the customer still waits, and leads back", async () => {
  shown({ phase: "held", failed_handover: failed }, FailedConsult);
  const card = screen.getByRole("status", { name: en.failed.label });
  expect(card.textContent).toContain("Li Qiang was not reached: they declined.");
  expect(card.textContent).toContain(en.failed.held);
  fireEvent.click(within(card).getByRole("button", { name: en.failed.resume }));
  expect(send).toHaveBeenCalledWith({ do: "Resume", interaction: "i1" });
});

it("is soon silent where agent and customer speak already", () => {
  const at = "2026-11-21T06:09:55Z";
  shown({ phase: "talking", failed_handover: { ...failed, word: "party_left", at } }, FailedConsult);
  expect(screen.getByRole("status", { name: en.failed.label }).textContent).toBe("Li Qiang hung up.");
  shown({ id: "i2", phase: "talking", failed_handover: failed }, FailedConsult);
  expect(screen.getAllByRole("status", { name: en.failed.label })).toHaveLength(1);
});

it("tells an agent that a lead ended the call: else the line seems to have broken", () => {
  shown({ phase: "ended", end_reason: "hang_up" }, HandoverNotice);
  expect(screen.queryByRole("status")).toBeNull();
  shown({ phase: "ended", end_reason: "disconnected" }, HandoverNotice);
  expect(screen.getByRole("status").textContent).toBe(en.disconnected);
});

it("tells an agent who took the call over, as long as the agent has no part in it again", () => {
  const own = { take_overs: [{ agent: 7, supervisor: 8 }], agent: 8 };
  const { unmount } = shown({ ...own, from_agent: 9 }, HandoverNotice);
  expect(screen.getByRole("status").textContent).toBe("Li Qiang took this call over.");
  unmount();
  shown({ ...own, agent: 7 }, HandoverNotice);
  shown({ take_overs: [{ agent: 6, supervisor: 8 }], agent: 8 }, HandoverNotice);
  expect(screen.queryByRole("status")).toBeNull();
});

it("shows the note to who works the callback or the message, also to who wrote it", () => {
  const note = "Wants an invoice";
  const { unmount } = shown({ medium: "callback", agent: 7, from_agent: 7, note }, HandoverNotice);
  expect(screen.getByRole("region", { name: en.ownNote }).textContent).toContain(note);
  unmount();
  shown({ medium: "voicemail", agent: 7, from_agent: 8, note }, HandoverNotice);
  expect(screen.getByRole("region", { name: "Handed to you by Li Qiang" }).textContent).toContain(note);
});

it("has words for a number and for a reason that it does not know", () => {
  const word = "asteroid";
  const number = "138****5678";
  shown(
    { phase: "held", failed_handover: { ...failed, kind: "number", target: null, number, word } },
    FailedConsult,
  );
  const text = screen.getByRole("status", { name: en.failed.label }).textContent;
  expect(text).toContain(en.failed.why.failed);
  expect(text).toContain("5678");
});

it("keeps the note in sight of who serves the contact now, not of who wrote it", () => {
  const own = { from_agent: 8, note: "Wants an invoice", agent: 7 };
  const { unmount } = shown(own, HandoverNotice);
  expect(screen.getByRole("region", { name: "Handed to you by Li Qiang" }).textContent).toContain(own.note);
  unmount();
  shown({ ...own, from_agent: 7 }, HandoverNotice);
  expect(screen.queryByRole("region", { name: /Handed to you/ })).toBeNull();
});

it("tells in wrap-up that a transfer failed, and where the customer is", () => {
  const own = { failed_handover: { ...failed, how: "transfer" as const }, from_agent: 7 };
  const { unmount } = shown({ ...own, phase: "waiting" }, HandoverNotice);
  const text = screen.getByRole("status", { name: en.failed.label }).textContent;
  expect(text).toContain("The transfer to Li Qiang failed: they declined.");
  expect(text).toContain("After-sales");
  unmount();
  shown({ ...own, phase: "ended" }, HandoverNotice);
  expect(screen.getByRole("status", { name: en.failed.label }).textContent).toContain(en.failed.ended);
});

it("tells whoever is consulted that it is they who hear music while the agent is with the customer", () => {
  const consult = {
    by_agent: 8,
    kind: "agent" as const,
    target: 7,
    agent: 7,
    number: null,
    stage: "swapped" as const,
    started_at: "2026-11-21T06:00:00Z",
    answered_at: "2026-11-21T06:00:05Z",
    note: null,
  };
  const card = { row: interactionRow({ consult }), consult, role: "asked" as const };
  render(<ConsultCard {...card} />);
  expect(screen.getByText("Li Qiang is speaking with the customer")).toBeTruthy();
  expect(screen.getByText(en.card.youWait)).toBeTruthy();
  expect(screen.queryByText(en.card.customerWaits)).toBeNull();
});

it("offers what only the telephone can do nowhere, and says where it is done", () => {
  const consult = {
    by_agent: 7,
    kind: "agent" as const,
    target: 8,
    agent: 8,
    number: null,
    stage: "talking" as const,
    started_at: "2026-11-21T06:00:00Z",
    answered_at: "2026-11-21T06:00:05Z",
    note: null,
    is_on_telephone: true,
  };
  const card = { row: interactionRow({ consult }), consult, role: "leads" as const };
  render(
    <App>
      <ConsultCard {...card} />
    </App>,
  );
  expect(screen.getByText(en.card.onTelephone)).toBeTruthy();
  expect(screen.queryByRole("button", { name: en.card.swap })).toBeNull();
  expect(screen.queryByRole("button", { name: en.card.conference })).toBeNull();
  expect(screen.getByRole("button", { name: en.card.complete })).toBeTruthy();
  expect(screen.getByRole("button", { name: en.card.cancel })).toBeTruthy();
});
