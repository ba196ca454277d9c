import { expect, it } from "vitest";
import { readPasted } from "./pasted";

it("takes numbers from a column, a row or a sentence, each once", () => {
  expect(readPasted("139 0000 0001\r\n13900000002，0571-8888 8888;13900000002\t+86 10086\n\n")).toEqual([
    "139 0000 0001",
    "13900000002",
    "0571-8888 8888",
    "+86 10086",
  ]);
});
