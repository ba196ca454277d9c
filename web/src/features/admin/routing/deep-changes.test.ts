import { expect, it } from "vitest";
import { deepChanges } from "./deep-changes";

const plain = (step: string) => step;

it("tells a matrix cell by cell", () => {
  const before = { Anna: { skills: { english: null }, queues: { "7": null } } };
  const after = { Anna: { skills: { english: 5 }, queues: { "7": { tier: 2 } } } };
  expect(deepChanges(before, after, plain)).toEqual([
    { field: "Anna · skills · english", before: null, after: 5 },
    { field: "Anna · queues · 7 · tier", before: undefined, after: 2 },
  ]);
});

it("tells classes apart by their code, and only what differs of them", () => {
  const before = { classes: [{ code: "vip", points: 50, name: "VIP" }] };
  const after = { classes: [{ code: "vip", points: 60, name: "VIP" }] };
  expect(deepChanges(before, after, plain)).toEqual([
    { field: "classes · vip · points", before: 50, after: 60 },
  ]);
});

it("names members, and keeps a list of them whole", () => {
  const word = (step: string) => (step === "#4" ? "Ben" : step);
  expect(deepChanges({ memberships: [] }, { memberships: [{ agent: 4, tier: 2 }] }, word)).toEqual([
    { field: "memberships · Ben · tier", before: undefined, after: 2 },
  ]);
  expect(deepChanges({ members: [1] }, { members: [1, 2] }, plain)).toEqual([
    { field: "members", before: [1], after: [1, 2] },
  ]);
});
