import { render, screen, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import i18next from "i18next";
import { useState } from "react";
import { initReactI18next } from "react-i18next";
import { beforeAll, expect, it, vi } from "vitest";
import words from "../locales/en.json";
import { officeWeek, type Weekly } from "../model/hours";
import { SkillsField } from "./SkillsField";
import { WeeklyField } from "./WeeklyField";

vi.setConfig({ testTimeout: 30_000 }); // half-hour lists are slow to draw without a browser

beforeAll(() =>
  i18next.use(initReactI18next).init({ lng: "en", ns: ["admin"], resources: { en: { admin: words } } }),
);

function Week({ onWeek }: { onWeek: (weekly: Weekly) => void }) {
  const [weekly, setWeekly] = useState(officeWeek());
  return (
    <WeeklyField
      value={weekly}
      onChange={(next) => {
        setWeekly(next);
        onWeek(next);
      }}
    />
  );
}

it("puts a time right that was typed in short, and keeps the old one for nonsense", async () => {
  let week: Weekly = [];
  render(<Week onWeek={(next) => (week = next)} />);
  const from = screen.getByRole("combobox", { name: "Mon from" });
  await userEvent.clear(from);
  await userEvent.type(from, "830");
  await userEvent.tab();
  expect(week[0]).toEqual([["08:30", "18:00"]]);
  await userEvent.clear(from);
  await userEvent.type(from, "late");
  await userEvent.tab();
  expect(week[0]).toEqual([["08:30", "18:00"]]);
});

it("copies Monday to the working days, adds an afternoon, and tells an overlap where it is", async () => {
  let week: Weekly = [];
  render(<Week onWeek={(next) => (week = next)} />);
  await userEvent.click(screen.getByRole("button", { name: "Remove Mon 09:00–18:00" }));
  await userEvent.click(screen.getByRole("button", { name: "Same for Tuesday to Friday" }));
  expect(week.every((spans) => spans.length === 0)).toBe(true);
  await userEvent.click(screen.getByRole("button", { name: "Add hours on Sun" }));
  await userEvent.click(screen.getByRole("button", { name: "Add hours on Sun" }));
  expect(week[6]).toEqual([
    ["09:00", "18:00"],
    ["19:00", "24:00"],
  ]);
  const [, evening] = screen.getAllByRole("combobox", { name: "Sun from" });
  if (!evening) throw new Error("the second span of Sunday is missing");
  await userEvent.clear(evening);
  await userEvent.type(evening, "17");
  await userEvent.tab();
  expect(screen.getByRole("alert").textContent).toBe("These hours overlap");
});

it("counts a skill only once it has a name", async () => {
  let skills: Record<string, number> = {};
  render(<SkillsField value={{}} levelLabel="Level" onChange={(next) => (skills = next)} />);
  await userEvent.click(screen.getByRole("button", { name: "Add a skill" }));
  expect(skills).toEqual({});
  await userEvent.type(screen.getByRole("textbox", { name: "Skill" }), "english");
  const level = screen.getByRole("spinbutton", { name: "Level" });
  await userEvent.clear(level);
  await userEvent.type(level, "8");
  await userEvent.tab();
  expect(skills).toEqual({ english: 8 });
  await userEvent.click(
    within(screen.getByRole("group")).getByRole("button", { name: "Remove the skill english" }),
  );
  expect(skills).toEqual({});
});
