/** The flow that the wizard makes: hours, greeting, then one queue or a menu of several; the closed message. Pure. */
import type { FlowGraph, FlowNode } from "@/features/admin";

export interface TemplateQueue {
  id: number;
  name: string;
  name_en: string;
}

interface Wish {
  queues: readonly TemplateQueue[];
  /** without: always open */
  hours: number | null;
  /** key of the menu's prompt; needed with more than one queue */
  menuPrompt: string;
  /** what key 0 means, for reports: the menu is said again */
  againLabel: string;
}

/** A telephone's keys for choices; 0 says the menu again. */
export const MOST_QUEUES = 9;

const COLUMN = 240;
const ROW = 140;

class Drawing {
  readonly nodes: FlowNode[] = [];
  readonly edges: FlowGraph["edges"] = [];

  node(id: string, kind: string, column: number, row: number, config: Record<string, unknown> = {}): void {
    this.nodes.push({ id, kind, config, position: { x: 80 + COLUMN * column, y: 80 + ROW * row } });
  }

  edge(from: string, exit: string, to: string): void {
    this.edges.push({ from, exit, to });
  }
}

/** Return a graph that can be published as it is. There must be at least one queue. */
export function makeFlow({ queues, hours, menuPrompt, againLabel }: Wish): FlowGraph {
  const drawing = new Drawing();
  const offered = queues.slice(0, MOST_QUEUES);
  drawing.node("start", "start", 0, 0);
  if (hours === null) {
    drawing.edge("start", "next", "welcome");
  } else {
    drawing.node("hours", "hours", 1, 0, { hours });
    drawing.node("closed", "hang_up", 2, offered.length + 1, { prompt: { key: "closed" }, reason: "closed" });
    drawing.edge("start", "next", "hours");
    drawing.edge("hours", "open", "welcome");
    drawing.edge("hours", "closed", "closed");
  }
  drawing.node("welcome", "play", 2, 0, { prompt: { key: "welcome" } });
  drawing.node("sorry", "hang_up", 5, 0, { prompt: { key: "all_busy" }, reason: "no_agents" });
  offered.forEach((queue, index) => {
    const name = `queue_${index + 1}`;
    drawing.node(name, "queue", 4, index, { queue: queue.id, priority: 0 });
    drawing.edge(name, "closed", "sorry");
    drawing.edge(name, "overflow", "sorry");
  });
  if (offered.length === 1) drawing.edge("welcome", "next", "queue_1");
  else addMenu(drawing, offered, menuPrompt, againLabel);
  return { format: 1, start: "start", nodes: drawing.nodes, edges: drawing.edges };
}

function addMenu(drawing: Drawing, queues: readonly TemplateQueue[], prompt: string, again: string): void {
  const keys = Object.fromEntries([
    ...queues.map(({ name }, index) => [String(index + 1), name]),
    ["0", again],
  ]);
  drawing.node("menu", "menu", 3, 0, { prompt: { key: prompt }, keys, timeout_s: 6, tries: 3 });
  drawing.node("goodbye", "hang_up", 4, queues.length, { prompt: { key: "goodbye" }, reason: "wrong_key" });
  drawing.edge("welcome", "next", "menu");
  drawing.edge("menu", "0", "menu");
  for (let key = 1; key <= queues.length; key += 1) drawing.edge("menu", String(key), `queue_${key}`);
  drawing.edge("menu", "no_key", "queue_1"); // a caller with an old telephone has no keys that sound
  drawing.edge("menu", "wrong_key", "goodbye");
}

interface MenuWords {
  /** "For {{queue}}, press {{key}}." */
  choice: (queue: string, key: string) => string;
  again: string;
  /** how the keys 1 to 9 are said */
  keys: readonly string[];
  /** what stands between two sentences: a space, or nothing in Chinese */
  between: string;
}

/** What the menu says, from the queues' names. */
export function menuText(names: readonly string[], words: MenuWords): string {
  const choices = names
    .slice(0, MOST_QUEUES)
    .map((name, index) => words.choice(name, words.keys[index] ?? String(index + 1)));
  return [...choices, words.again].join(words.between);
}
