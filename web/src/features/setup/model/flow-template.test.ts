import { describe, expect, it } from "vitest";
import type { FlowGraph } from "@/features/admin";
import { makeFlow, menuText, type TemplateQueue } from "./flow-template";

const queue = (id: number): TemplateQueue => ({ id, name: `组${id}`, name_en: `Q${id}` });

const EXITS: Record<string, (config: Record<string, unknown>) => string[]> = {
  start: () => ["next"],
  hours: () => ["open", "closed"],
  play: () => ["next"],
  menu: (config) => [...Object.keys(config.keys as object), "no_key", "wrong_key"],
  queue: () => ["closed", "overflow"],
  hang_up: () => [],
};

/** What the server's proof asks for: every exit of every node leads to a node, once; every node is reached. */
function expectNoHoles(graph: FlowGraph): void {
  const ids = graph.nodes.map(({ id }) => id);
  expect(new Set(ids).size).toBe(ids.length);
  const wanted = graph.nodes.flatMap(({ id, kind, config }) =>
    (EXITS[kind]?.(config) ?? []).map((exit) => `${id}.${exit}`),
  );
  expect(graph.edges.map(({ from, exit }) => `${from}.${exit}`).sort()).toEqual(wanted.sort());
  for (const { to } of graph.edges) expect(ids).toContain(to);
  const reached = new Set([graph.start]);
  for (let before = 0; before !== reached.size; ) {
    before = reached.size;
    for (const { from, to } of graph.edges) if (reached.has(from)) reached.add(to);
  }
  expect([...reached].sort()).toEqual(ids.sort());
}

describe("the wizard's flow", () => {
  it.each([1, 2, 9])("has no holes with %i queues, with and without hours", (count) => {
    const queues = Array.from({ length: count }, (_, index) => queue(index + 1));
    expectNoHoles(makeFlow({ queues, hours: 5, menuPrompt: "menu", againLabel: "重听" }));
    expectNoHoles(makeFlow({ queues, hours: null, menuPrompt: "menu", againLabel: "重听" }));
  });

  it("goes straight to a single queue", () => {
    const graph = makeFlow({ queues: [queue(3)], hours: null, menuPrompt: "menu", againLabel: "重听" });
    expect(graph.nodes.some(({ kind }) => kind === "menu")).toBe(false);
    expect(graph.edges).toContainEqual({ from: "welcome", exit: "next", to: "queue_1" });
  });

  it("gives each queue its key, says the menu again on 0, and leads the keyless to the first", () => {
    const graph = makeFlow({
      queues: [queue(3), queue(4)],
      hours: 5,
      menuPrompt: "main_menu",
      againLabel: "重听",
    });
    const menu = graph.nodes.find(({ kind }) => kind === "menu");
    expect(menu?.config).toMatchObject({
      prompt: { key: "main_menu" },
      keys: { "1": "组3", "2": "组4", "0": "重听" },
    });
    expect(graph.edges).toContainEqual({ from: "menu", exit: "0", to: "menu" });
    expect(graph.edges).toContainEqual({ from: "menu", exit: "no_key", to: "queue_1" });
  });

  it("offers no more queues than a telephone has keys", () => {
    const queues = Array.from({ length: 12 }, (_, index) => queue(index + 1));
    const graph = makeFlow({ queues, hours: null, menuPrompt: "menu", againLabel: "重听" });
    expect(graph.nodes.filter(({ kind }) => kind === "queue")).toHaveLength(9);
    expectNoHoles(graph);
  });
});

it("says each choice with its key in words", () => {
  const text = menuText(["售后", "销售"], {
    choice: (name, key) => `${name}，请按${key}。`,
    again: "重听，请按零。",
    keys: ["一", "二"],
    between: "",
  });
  expect(text).toBe("售后，请按一。销售，请按二。重听，请按零。");
});
