import { type Kind, type Kinds, type PanelField, toKinds } from "./kinds";

/** A few kinds of step as the API tells them, for tests. */
const field = (name: string, kind: PanelField["kind"], label_en: string): PanelField => ({
  name,
  kind,
  label: label_en,
  label_en,
  hint: "",
  hint_en: "",
  is_required: true,
  least: 0,
  most: 60,
  default: null,
  unit: "",
  choices: [],
  columns: [],
  shown_by: "",
  shown_for: [],
});

const EXITS_BY: Readonly<Record<string, string>> = { menu: "keys", shortcut: "choices" };

function kind(code: string, name_en: string, exits: Record<string, string>, fields: PanelField[] = []): Kind {
  return {
    kind: code,
    name: name_en,
    name_en,
    exits: Object.entries(exits).map(([exit, each]) => ({ exit, name: each, name_en: each })),
    exits_by: EXITS_BY[code] ?? "",
    fields,
  };
}

const PROMPT = field("prompt", "prompt", "Prompt");
const QUEUE = field("queue", "queue", "Queue");

export const KINDS_TOLD: Kind[] = [
  kind("start", "Start", { next: "Next" }),
  kind("hours", "Opening hours", { open: "Within the hours", closed: "Outside the hours" }, [
    field("hours", "hours", "Opening hours"),
  ]),
  kind("play", "Play a prompt", { next: "Next" }, [PROMPT]),
  kind("menu", "Menu", { no_key: "No key pressed", wrong_key: "Wrong keys only" }, [
    PROMPT,
    field("keys", "keys", "Keys"),
  ]),
  kind("queue", "Queue", { closed: "Closed, or nobody signed in", overflow: "Waited too long" }, [QUEUE]),
  kind("on_error", "When a step fails", { next: "Next" }),
  kind("shortcut", "Shortcut", {}, [field("choices", "rows", "Said or pressed")]),
  kind("hang_up", "Hang up", {}, [PROMPT]),
];

export const KINDS: Kinds = toKinds(KINDS_TOLD);
