import { describe, expect, it, vi } from "vitest";
import { onNudge, tellAllNudges, tellNudge } from "./nudges";

describe("nudges", () => {
  it("reach those who listen for the topic, until they stop", () => {
    const [one, other] = [vi.fn(), vi.fn()];
    const stop = onNudge("notifications", one);
    onNudge("notices", other);
    tellNudge("notifications");
    expect(one).toHaveBeenCalledTimes(1);
    expect(other).not.toHaveBeenCalled();
    stop();
    tellNudge("notifications");
    expect(one).toHaveBeenCalledTimes(1);
  });

  it("are all told after a lost connection", () => {
    const act = vi.fn();
    const stop = onNudge("notifications", act);
    tellAllNudges();
    expect(act).toHaveBeenCalledOnce();
    stop();
  });
});
