import { expect, it } from "vitest";
import { deepChanges } from "./deep-changes";

const plain = (step: string) => step;

it("tells a matrix cell by cell", () => {
  const before = { Anna: { skills: { english: null }, queues: { "7": null } } };
  const after = { Anna: { skills: { english: 5 }, queues: { "7": { tier: 2 } } } };
  expect(deepChanges(before, after, plain)).toEqual([
    { field: "Anna · skills · english", step: "english", before: null, after: 5 },
    { field: "Anna · queues · 7 · tier", step: "tier", before: undefined, after: 2 },
  ]);
});

it("tells classes apart by their code, and only what differs of them", () => {
  const before = { classes: [{ code: "vip", points: 50, name: "VIP" }] };
  const after = { classes: [{ code: "vip", points: 60, name: "VIP" }] };
  expect(deepChanges(before, after, plain)).toEqual([
    { field: "classes · vip · points", step: "points", before: 50, after: 60 },
  ]);
});

it("names members, and keeps a list of them whole", () => {
  const word = (step: string) => (step === "#4" ? "Ben" : step);
  expect(deepChanges({ memberships: [] }, { memberships: [{ agent: 4, tier: 2 }] }, word)).toEqual([
    { field: "memberships · Ben · tier", step: "tier", before: undefined, after: 2 },
  ]);
  expect(deepChanges({ members: [1] }, { members: [1, 2] }, plain)).toEqual([
    { field: "members", step: "members", before: [1], after: [1, 2] },
  ]);
});

it("tells each step by what stands before it: a number is a queue, or seconds of waiting", () => {
  const word = (step: string, parent: string | undefined) => (parent ? `${parent}/${step}` : step);
  const before = { rings: [{ after_s: 30, lower_by: 1 }], dates: {} };
  const after = { rings: [{ after_s: 30, lower_by: 2 }], dates: { "2026-10-01": [] } };
  expect(deepChanges(before, after, word).map(({ field }) => field)).toEqual([
    "rings · rings/30 · 30/lower_by",
    "dates · dates/2026-10-01",
  ]);
});
