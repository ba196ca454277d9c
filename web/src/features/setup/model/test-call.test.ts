import { expect, it } from "vitest";
import { interactionRow } from "@/live/builders";
import { stageOf } from "./test-call";

it("follows the newest call to one of our numbers, and no other", () => {
  expect(stageOf([], ["8001"])).toBe("nothing");
  const other = interactionRow({ id: "a", entry: "9999", phase: "talking" });
  const out = interactionRow({ id: "b", entry: "8001", phase: "talking", direction: "outbound" });
  expect(stageOf([other, out], ["8001"])).toBe("nothing");
  const old = interactionRow({ id: "c", entry: "8001", phase: "ended", started_at: "2026-11-21T08:00:00Z" });
  const fresh = interactionRow({
    id: "d",
    entry: "8001",
    phase: "offered",
    started_at: "2026-11-21T08:01:00Z",
  });
  expect(stageOf([old, fresh], ["8001"])).toBe("ringing");
  expect(stageOf([old], ["8001"])).toBe("ended");
  expect(stageOf([{ ...fresh, phase: "held" }], ["8001"])).toBe("talking");
});
