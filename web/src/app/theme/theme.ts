import { create } from "zustand";
import type { ThemeName } from "./palette";

export type ThemeChoice = "light" | "dark" | "system";

const KEY = "zhiyin.theme"; // public/theme.js reads it before the first paint
const systemIsDark = matchMedia("(prefers-color-scheme: dark)");

function storedChoice(): ThemeChoice {
  const stored = localStorage.getItem(KEY);
  return stored === "light" || stored === "dark" ? stored : "system";
}

function resolve(choice: ThemeChoice): ThemeName {
  if (choice !== "system") return choice;
  return systemIsDark.matches ? "dark" : "light";
}

/** The chosen theme and the one it comes to now. */
export const useTheme = create<{ choice: ThemeChoice; name: ThemeName }>(() => ({
  choice: storedChoice(),
  name: resolve(storedChoice()),
}));

/** Show a theme without remembering it. */
export function showTheme(choice: ThemeChoice): void {
  const name = resolve(choice);
  document.documentElement.dataset.theme = name;
  useTheme.setState({ choice, name });
}

/** Choose a theme on this machine; it shows at once and stays for the next visit. */
export function chooseTheme(choice: ThemeChoice): void {
  localStorage.setItem(KEY, choice);
  showTheme(choice);
}

systemIsDark.addEventListener("change", () => showTheme(storedChoice()));
