import { fireEvent, render, screen } from "@testing-library/react";
import { Table } from "antd";
import i18next from "i18next";
import type { ReactNode } from "react";
import { initReactI18next } from "react-i18next";
import { beforeAll, expect, it, vi } from "vitest";
import en from "../locales/en.json";
import type { Callback } from "../model/queries";
import { MessagePlayer } from "./MessagePlayer";
import { useCallbackColumns } from "./useCallbackColumns";

vi.mock("@tanstack/react-router", () => ({
  Link: ({ children }: { children: ReactNode }) => <a href="/">{children}</a>,
}));
vi.mock("@/features/recordings", () => ({ RecordingPlayer: () => <p>sound</p> }));
vi.mock("@/api/session", () => ({ useTimeZone: () => "Asia/Shanghai" }));

const long = `Wants a refund. ${"Promised an answer by Friday. ".repeat(16)}Order A-17`;

const message: Callback = {
  id: "c1",
  kind: "voicemail",
  state: "done",
  queue: 1,
  queue_name: "After-sales",
  agent: null,
  agent_name: "",
  number: "+8613812345678",
  masked: "138****5678",
  customer: null,
  asked_by: "caller",
  asked_at: "2026-11-23T06:00:00Z",
  placed_at: "2026-11-23T06:00:00Z",
  due_at: null,
  expires_at: null,
  attempts: 0,
  cause: "",
  recording_id: "r1",
  duration_s: 20,
  ended_at: null,
  note: long,
  note_by: "Li Qiang",
};

beforeAll(async () => {
  await i18next.use(initReactI18next).init({ lng: "en", resources: { en: { callbacks: en } } });
});

function List({ rows }: { rows: Callback[] }) {
  const columns = useCallbackColumns({ onPlay: () => undefined, mayManage: false });
  return <Table<Callback> rowKey="id" columns={columns} dataSource={rows} />;
}

it("shows a note in the list, and with the focus the whole of it and who wrote it", async () => {
  render(<List rows={[message, { ...message, id: "c2", note: "", note_by: "" }]} />);
  expect(screen.getByRole("columnheader", { name: "Note" })).toBeTruthy();
  const notes = screen.getAllByRole("button", { name: /refund/ });
  expect(notes).toHaveLength(1); // and a row without one has nothing to reach by keyboard
  expect(screen.queryByRole("tooltip")).toBeNull();
  fireEvent.focus(notes[0] as HTMLElement);
  const whole = await screen.findByRole("tooltip");
  expect(whole.textContent).toContain("Note by Li Qiang");
  expect(whole.textContent).toContain("Order A-17");
});

it("shows the note above a message that is listened to, and nothing where there is none", () => {
  const { unmount } = render(<MessagePlayer recording="r1" row={message} onClose={() => undefined} />);
  expect(screen.getByRole("region", { name: "Note" }).textContent).toBe(`Note by Li Qiang${long}`);
  unmount();
  const plain = { ...message, note: "", note_by: "" };
  render(<MessagePlayer recording="r1" row={plain} onClose={() => undefined} />);
  expect(screen.queryByRole("region", { name: "Note" })).toBeNull();
});
