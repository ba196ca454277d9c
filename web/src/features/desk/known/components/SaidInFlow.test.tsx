import { render, screen, within } from "@testing-library/react";
import i18next from "i18next";
import { initReactI18next } from "react-i18next";
import { beforeAll, expect, it, vi } from "vitest";
import en from "../locales/en.json";
import { SaidInFlow } from "./SaidInFlow";

vi.mock("@/api/session", () => ({ useTimeZone: () => "Asia/Shanghai" }));

beforeAll(async () => {
  await i18next.use(initReactI18next).init({ lng: "en", ns: ["known"], resources: { en: { known: en } } });
});

const words = {
  at: "2026-03-02T09:00:01Z",
  step: "Recognise speech",
  asked: "What is it about?",
  choice: "",
};

it("tells the words in their order, with what was asked and what they meant", () => {
  const second_at = "2026-03-02T09:00:06Z";
  render(
    <SaidInFlow
      said={[
        { ...words, words: "hello" },
        { ...words, at: second_at, words: "my washer is broken", choice: "After-sales" },
      ]}
    />,
  );
  const region = screen.getByRole("region", { name: en.said });
  const [first, second] = within(region).getAllByRole("listitem");
  expect(first?.textContent).toContain("hello");
  expect(first?.textContent).toContain("Recognise speech · What is it about?");
  expect(first?.textContent).not.toContain("After-sales");
  expect(
    within(second as HTMLElement)
      .getByText("17:00:06")
      .getAttribute("datetime"),
  ).toBe(second_at);
  expect(second?.textContent).toContain("my washer is broken");
  expect(second?.textContent).toContain("After-sales");
});

it("is not there where nothing was said", () => {
  const { container } = render(<SaidInFlow said={[]} />);
  expect(container.textContent).toBe("");
});
