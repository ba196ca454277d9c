import { expect, it } from "vitest";
import { setupCodeOf } from "./setup-code";

it.each([
  ["#code=ABCDE-FGHJK", "ABCDE-FGHJK"],
  ["code=ABCDE-FGHJK", "ABCDE-FGHJK"],
  ["#code=ABCDE%20FGHJK", "ABCDE FGHJK"],
  ["#other=1", ""],
  ["#%E0%A4%A", ""],
  ["", ""],
])("reads %s", (hash, code) => expect(setupCodeOf(hash)).toBe(code));
