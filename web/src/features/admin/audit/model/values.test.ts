import { describe, expect, it } from "vitest";
import openapi from "../../../../../openapi.json";
import agentLifeEn from "../../agent-life/locales/en.json";
import agentLife from "../../agent-life/locales/zh.json";
import adminEn from "../../locales/en.json";
import admin from "../../locales/zh.json";
import routingEn from "../../routing/locales/en.json";
import routing from "../../routing/locales/zh.json";
import auditEn from "../locales/en.json";
import audit from "../locales/zh.json";
import { CHOICES, toLine, toLines, type ValueWords } from "./values";

const words: ValueWords = {
  yes: "yes",
  no: "no",
  closed: "closed",
  and: ", ",
  colon: ": ",
  semicolon: "; ",
  field: (name) => name.toUpperCase(),
  one: (field, value) => (field === "queue" && value === 7 ? "Sales" : undefined),
  weekday: (day) => `day${day}`,
  instant: (text) => `at ${text.slice(11, 16)}`,
};
const line = (value: unknown, field = "x") => toLine(value, field, words);

describe("a value in words", () => {
  it("says yes and no, and tells false", () => {
    expect([line(true), line(false), line(null), line(""), line(0)]).toEqual(["yes", "no", "", "", "0"]);
  });

  it("names ids, and gives instants on the company's clock", () => {
    expect([line(7, "queue"), line(7, "weight")]).toEqual(["Sales", "7"]);
    expect(line("2026-11-23T03:40:00+00:00", "counted_since")).toBe("at 03:40");
  });

  it("tells opening hours as hours, and a day without any as closed", () => {
    expect(
      line(
        [
          ["09:00", "12:00"],
          ["13:00", "18:00"],
        ],
        "2026-10-01",
      ),
    ).toBe("09:00–12:00, 13:00–18:00");
    expect(line([], "2026-10-01")).toBe("closed");
    expect(line([[["09:00", "18:00"]], []], "weekly")).toBe("day0 09:00–18:00; day1 closed");
  });

  it("tells of a week the days that differ, and all of one that was not there before", () => {
    const week = [[["09:00", "18:00"]], [["09:00", "18:00"]], []];
    const other = [[["09:00", "18:00"]], [["10:00", "16:00"]], [["10:00", "12:00"]]];
    expect(toLines(week, other, "weekly", words)).toEqual([
      "day1 09:00–18:00; day2 closed",
      "day1 10:00–16:00; day2 10:00–12:00",
    ]);
    expect(toLines(undefined, [[], []], "weekly", words)).toEqual(["", "day0 closed; day1 closed"]);
    expect(toLines(1, 2, "weight", words)).toEqual(["1", "2"]);
  });

  it("tells the steps of a chain by number, part by part", () => {
    const chain = [
      { condition: "closed", queue: 7, prompt: null },
      { condition: "waited_over", threshold: 90 },
    ];
    expect(line(chain, "overflow")).toBe(
      "1. CONDITION: closed; QUEUE: Sales 2. CONDITION: waited_over; THRESHOLD: 90",
    );
    expect(line(["a", "b"])).toBe("a, b");
  });
});

type Node = Readonly<Record<string, unknown>>;
const schemas = openapi.components.schemas as unknown as Record<string, Node>;
const SETTINGS = [
  "QueueIn",
  "HoursIn",
  "EntryRuleIn",
  "RoutingPolicyBody",
  "RestPolicyBody",
  "ContactClassBody",
];

/** Every field below a schema, with its choices where it has some. */
function fieldsOf(name: string, found = new Map<string, string[]>(), seen = new Set<string>()) {
  if (seen.has(name)) return found;
  seen.add(name);
  for (const [field, schema] of Object.entries((schemas[name]?.properties ?? {}) as Record<string, Node>)) {
    found.set(field, found.get(field) ?? []);
    const look = (node: unknown) => {
      if (typeof node !== "object" || node === null) return;
      const { enum: choices, $ref: ref, ...rest } = node as { enum?: string[]; $ref?: string };
      if (choices) found.set(field, choices);
      if (ref) fieldsOf(ref.split("/").at(-1) ?? "", found, seen);
      for (const part of Object.values(rest).flat()) look(part);
    };
    look(schema);
  }
  return found;
}

function at(files: Record<string, unknown>, path: string): unknown {
  const [file, way] = path.split(":");
  return way?.split(".").reduce<unknown>((node, step) => (node as Node)?.[step], files[file ?? ""]);
}

describe.each([
  ["zh", { audit, routing, admin, "agent-life": agentLife }],
  ["en", { audit: auditEn, routing: routingEn, admin: adminEn, "agent-life": agentLifeEn }],
])("in %s every field of settings with a history", (_, files) => {
  const fields = new Map(SETTINGS.flatMap((name) => [...fieldsOf(name)]));

  it("has a name", () => {
    const told = { ...files.audit.fields, ...files.routing.steps };
    expect([...fields.keys()].filter((field) => !(field in told))).toEqual([]);
  });

  it("has words for each of its choices", () => {
    const silent = [...fields].flatMap(([field, choices]) =>
      choices
        .filter((choice) => !at(files, `${CHOICES[field]}.${choice}`))
        .map((choice) => `${field}.${choice}`),
    );
    expect(silent).toEqual([]);
  });
});
