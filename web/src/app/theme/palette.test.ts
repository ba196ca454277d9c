import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { type ColourName, palettes, type ThemeName } from "./palette";

function luminance(colour: string): number {
  const [r, g, b] = [1, 3, 5].map((at) => {
    const part = Number.parseInt(colour.slice(at, at + 2), 16) / 255;
    return part <= 0.03928 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * (r ?? 0) + 0.7152 * (g ?? 0) + 0.0722 * (b ?? 0);
}

function contrast(one: string, other: string): number {
  const [light, dark] = [luminance(one), luminance(other)].sort((a, b) => b - a) as [number, number];
  return (light + 0.05) / (dark + 0.05);
}

/** Text on its ground: WCAG AA asks 4.5 to 1. */
const TEXT: [ColourName, ColourName][] = [
  ...(["text", "text-2", "text-3", "primary", "error"] as const).flatMap(
    (text): [ColourName, ColourName][] => [
      [text, "surface"],
      [text, "surface-2"],
      [text, "bg"],
    ],
  ),
  ["on-primary", "primary"],
  ["on-error", "error"],
  ["text", "primary-soft"],
  ["text-2", "primary-soft"],
  ["on-primary", "ready"],
  ...(["ready", "talk", "acw", "break", "ring", "off"] as const).map((tone): [ColourName, ColourName] => [
    tone,
    `${tone}-soft`,
  ]),
];

describe.each(["light", "dark"] as ThemeName[])("%s", (theme) => {
  it.each(TEXT)("%s can be read on %s", (text, ground) => {
    expect(contrast(palettes[theme][text], palettes[theme][ground])).toBeGreaterThanOrEqual(4.5);
  });

  it("is the same in tokens.css", () => {
    const css = readFileSync("src/app/theme/tokens.css", "utf8");
    const block =
      new RegExp(
        theme === "light" ? ":root \\{([^}]*)\\}" : ':root\\[data-theme="dark"\\] \\{([^}]*)\\}',
      ).exec(css)?.[1] ?? "";
    const inCss = Object.fromEntries(
      [...block.matchAll(/--([\w-]+): (#\w+);/g)].map((match) => [match[1], match[2]]),
    );
    expect(inCss).toEqual(palettes[theme]);
  });
});
