import { describe, expect, it } from "vitest";
import { bodyFrom, NEW_RULE, type RuleValues } from "./rule";

const values = (given: Partial<RuleValues>) =>
  ({ ...NEW_RULE, name: "n", subject: "s", ...given }) as RuleValues;

describe("bodyFrom", () => {
  it("leaves out what another occasion went by", () => {
    const body = bodyFrom(
      values({ occasion: "birthday", date_field: "warranty_until", queues: [3], outcomes: ["answered"] }),
    );
    expect([body.date_field, body.queues, body.outcomes]).toEqual(["", [], []]);
  });

  it("keeps what its own occasion goes by", () => {
    expect(bodyFrom(values({ occasion: "before_date", date_field: "warranty_until" })).date_field).toBe(
      "warranty_until",
    );
    expect(bodyFrom(values({ occasion: "after_contact", queues: [3] })).queues).toEqual([3]);
  });

  it("sends nothing of what was cleared", () => {
    const body = bodyFrom(values({ who: {}, begins_on: "" }));
    expect([body.begins_on, body.who?.tags, body.who?.is_key_account]).toEqual([null, [], null]);
  });
});
