import { expect, it } from "vitest";
import { levelOf, limitOf, PLAIN_MEMBERSHIP, wayOf, withLimit, withQueue, withSkill } from "./matrix";
import type { MatrixRow } from "./resources";

const anna: MatrixRow = {
  id: 1,
  name: "Anna",
  username: "a",
  team: null,
  skills: { english: 5 },
  limits: {},
  queues: {},
};
const ben: MatrixRow = {
  id: 2,
  name: "Ben",
  username: "b",
  team: null,
  skills: {},
  limits: { chat: 2 },
  queues: { "7": PLAIN_MEMBERSHIP },
};

it("changes a skill of several users, and forgets what is so already", () => {
  const drafts = withSkill({}, [anna, ben], "english", 5);
  expect(drafts).toEqual({ 2: { user: 2, skills: { english: 5 }, queues: {}, limits: {} } });
  expect([levelOf(drafts, anna, "english"), levelOf(drafts, ben, "english")]).toEqual([5, 5]);
  expect(withSkill(drafts, [ben], "english", null)).toEqual({});
});

it("takes skills and queues away by null", () => {
  const drafts = withQueue(withSkill({}, [anna], "english", null), [ben], 7, null);
  expect(levelOf(drafts, anna, "english")).toBeNull();
  expect(wayOf(drafts, ben, 7)).toBeNull();
  expect(withQueue(drafts, [ben], 7, PLAIN_MEMBERSHIP)).toEqual({
    1: { user: 1, skills: { english: null }, queues: {}, limits: {} },
  });
});

it("keeps a queue's change beside a skill's", () => {
  const way = { ...PLAIN_MEMBERSHIP, tier: 2 };
  const drafts = withSkill(withQueue({}, [anna], 7, way), [anna], "french", 3);
  expect(drafts[1]).toEqual({ user: 1, skills: { french: 3 }, queues: { 7: way }, limits: {} });
});

it("lets the company's limit hold again by null, and nobody be changed to what is so already", () => {
  const drafts = withLimit({}, [anna, ben], "chat", 2);
  expect(drafts).toEqual({ 1: { user: 1, skills: {}, queues: {}, limits: { chat: 2 } } });
  expect(limitOf(withLimit({}, [ben], "chat", null), ben, "chat")).toBeNull();
  expect(limitOf({}, ben, "chat")).toBe(2);
});
