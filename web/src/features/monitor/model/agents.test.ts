import { describe, expect, it } from "vitest";
import { agentRow } from "@/live/builders";
import { chooseAgents, countGroups } from "./agents";

const rows = [
  agentRow({ id: 1, name: "Zhao", state: "ready", since: "2026-11-21T06:00:00Z" }),
  agentRow({ id: 2, name: "Chen", state: "talking", since: "2026-11-21T05:00:00Z" }),
  agentRow({ id: 3, name: "Li", state: "hold", since: "2026-11-21T13:30:00+08:00" }),
  agentRow({ id: 4, name: "An", state: "logged_out", since: null }),
];
const ids = (shown: { id: number }[]) => shown.map((row) => row.id);

describe("chooseAgents", () => {
  it("puts whoever has been longest in a state first, by the instant and not by its notation", () => {
    expect(ids(chooseAgents(rows, { group: "signed_in", order: "longest", search: "" }))).toEqual([2, 3, 1]);
  });
  it("takes a call on hold for a conversation", () => {
    expect(ids(chooseAgents(rows, { group: "talking", order: "name", search: "" }))).toEqual([2, 3]);
  });
  it("finds agents who never signed in", () => {
    expect(ids(chooseAgents(rows, { group: "logged_out", order: "longest", search: "" }))).toEqual([4]);
  });
  it("searches by part of a name", () => {
    expect(ids(chooseAgents(rows, { group: "signed_in", order: "name", search: " zh" }))).toEqual([1]);
  });
});

it("counts every agent in its groups", () => {
  expect(countGroups(rows)).toMatchObject({ signed_in: 3, ready: 1, talking: 2, logged_out: 1, lost: 0 });
});
