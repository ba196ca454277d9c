import { describe, expect, it } from "vitest";
import { isSameGraph, placeOfNode, readDraft, toText } from "./draft";

const graph = {
  format: 1,
  start: "n1",
  note: "kept",
  nodes: [
    { id: "n1", kind: "start", config: {} },
    { id: "n.2", kind: "hang_up", config: { prompt: { key: "goodbye" } } },
  ],
  edges: [{ from: "n1", exit: "next", to: "n.2" }],
};

describe("a draft as text", () => {
  it("comes back as it was, with what this page does not know", () => {
    const draft = readDraft(toText(graph));
    expect(draft).toEqual({ kind: "graph", graph });
  });

  it("has a node a line", () => {
    expect(
      toText(graph)
        .split("\n")
        .filter((line) => line.includes('"kind"')),
    ).toHaveLength(2);
    expect(toText({ format: 1, start: "x", nodes: [], edges: [] })).toContain('"nodes": []');
  });

  it("tells the line of a slip", () => {
    expect(readDraft('{\n  "format": 1,\n  oops\n}')).toEqual({ kind: "syntax", line: 3 });
    expect(readDraft('{\n  "format": 1,\n')).toEqual({ kind: "syntax", line: 2 });
  });

  it.each([
    ["[]", "{}", "object"],
    ['{"format": 2}', "format", "format"],
    ['{"format": 1}', "start", "text"],
    ['{"format": 1, "start": "a", "nodes": {}}', "nodes", "list"],
    ['{"format": 1, "start": "a", "nodes": [{"id": "a"}], "edges": []}', "nodes[0].kind", "text"],
    [
      '{"format": 1, "start": "a", "nodes": [{"id": "a", "kind": "play", "config": 1}], "edges": []}',
      "nodes[0].config",
      "object",
    ],
    [
      '{"format": 1, "start": "a", "nodes": [], "edges": [{"from": "a", "exit": "next"}]}',
      "edges[0].to",
      "text",
    ],
  ])("says what is no graph: %s", (text, path, expected) => {
    expect(readDraft(text)).toEqual({ kind: "shape", problem: { path, expected } });
  });

  it("finds a node by its exact id", () => {
    const text = toText(graph);
    const place = placeOfNode(text, "n.2");
    expect(place && text.slice(place.start, place.end)).toBe('"id":"n.2"');
    expect(placeOfNode(text, "nx2")).toBeNull();
  });
});

it("compares what graphs say, not how they are written", () => {
  expect(isSameGraph({ a: 1, b: [1, { c: 2, d: 3 }] }, { b: [1, { d: 3, c: 2 }], a: 1 })).toBe(true);
  expect(isSameGraph({ a: [1, 2] }, { a: [2, 1] })).toBe(false);
});
