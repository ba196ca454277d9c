import { describe, expect, it } from "vitest";
import { withinWidth } from "@/lib/panels";
import { type ContactChecklist, countMissing, countUnanswered, type Offered, withTick } from "./queries";

const step = (is_required: boolean, ticked_at: string | null) => ({
  key: "a",
  title: "t",
  words: "",
  is_required,
  ticked_by: "",
  ticked_at,
});
const offered = (outcome: Offered["outcome"]): Offered => ({
  id: 1,
  name: "n",
  words: "",
  ends_on: null,
  outcome,
  reason: "",
});

describe("what a panel's tab counts", () => {
  it("is the steps that must be done and are not", () => {
    const lists: ContactChecklist[] = [
      {
        checklist: 1,
        name: "a",
        steps: [step(true, null), step(true, "2026-03-02T09:00:00Z"), step(false, null)],
      },
      { checklist: 2, name: "b", steps: [step(true, null)] },
    ];
    expect(countMissing(lists)).toBe(2);
  });

  it("is the recommendations without an answer", () => {
    expect(countUnanswered([offered(""), offered("shown"), offered("accepted"), offered("declined")])).toBe(
      2,
    );
  });
});

it("shows a tick before the server has it, and only that one", () => {
  const lists: ContactChecklist[] = [
    { checklist: 1, name: "a", steps: [step(true, null)] },
    { checklist: 2, name: "b", steps: [step(true, null)] },
  ];
  const ticked = withTick(lists, 2, "a", "Li");
  expect(ticked.map(({ steps }) => steps[0]?.ticked_by)).toEqual(["", "Li"]);
  expect(countMissing(ticked)).toBe(1);
  expect(countMissing(withTick(ticked, 2, "a", null))).toBe(2);
});

it("keeps the panel's width between a telephone's and half a screen", () => {
  expect([withinWidth(10), withinWidth(333.4), withinWidth(5000)]).toEqual([240, 333, 720]);
});
