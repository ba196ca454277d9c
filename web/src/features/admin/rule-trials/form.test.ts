import { expect, test } from "vitest";
import type { RuleTrial } from "./api";
import { fieldsOf, NEW_TRIAL, toBody, toForm } from "./form";

test("only what is to be different of a queue is sent", () => {
  const body = toBody({
    ...NEW_TRIAL,
    name: "x",
    queues: [
      { id: 7, fields: ["weight"], weight: 5, agent_choice: "random" },
      { fields: ["weight"], weight: 1 },
    ],
  });
  expect(body.changes?.queues).toEqual([{ id: 7, weight: 5 }]);
});

test("a draft is read back as it was sent", () => {
  const changes = { queues: [{ id: 7, agent_choice: "random" as const, rings: [] }], classes: [] };
  const trial = { ...NEW_TRIAL, name: "x", changes } as unknown as RuleTrial;
  const form = toForm(trial);
  expect(form.queues[0]?.fields).toEqual(["agent_choice", "rings"]);
  expect(toBody(form).changes?.queues).toEqual(changes.queues);
});

test("a bound that is not watched is sent as such, and stays so", () => {
  const trial = { ...NEW_TRIAL, score_drop_pct: null, changes: {} } as unknown as RuleTrial;
  expect(toBody(toForm(trial)).score_drop_pct).toBeNull();
});

test("a weight of nothing is a change too", () => {
  expect(fieldsOf({ id: 1, weight: 0 })).toEqual(["weight"]);
});
