import { describe, expect, it } from "vitest";
import { type Facts, nextStep, stepsDone } from "./steps";

const nothing: Facts = { numbers: [], hours: [], queues: [], users: [], flows: [], hasContact: false };
const whole: Facts = {
  numbers: [{ flow_id: 7 }],
  hours: [{ id: 1 }],
  queues: [{ members: [3] }],
  users: [{ id: 3, is_active: true }],
  flows: [{ id: 7, version: 1 }],
  hasContact: true,
};

describe("the steps of the wizard", () => {
  it("begin with the line", () => expect(nextStep(stepsDone(nothing))).toBe("line"));

  it("end when somebody has called", () => {
    expect(nextStep(stepsDone(whole))).toBeNull();
    expect(nextStep(stepsDone({ ...whole, hasContact: false }))).toBe("test");
  });

  it("ask for agents while the only member is deactivated or nobody is a member", () => {
    expect(nextStep(stepsDone({ ...whole, users: [{ id: 3, is_active: false }] }))).toBe("agents");
    expect(nextStep(stepsDone({ ...whole, queues: [{ members: [] }] }))).toBe("agents");
  });

  it("ask for the flow until one that a number leads to is published", () => {
    expect(
      nextStep(
        stepsDone({
          ...whole,
          flows: [
            { id: 7, version: 0 },
            { id: 8, version: 3 },
          ],
        }),
      ),
    ).toBe("flow");
  });
});
