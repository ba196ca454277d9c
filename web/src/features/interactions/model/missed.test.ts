import { expect, it } from "vitest";
import { countByCaller } from "./missed";
import type { Contact } from "./queries";

function contact(own: Partial<Contact>): Contact {
  return { id: "i1", customer: null, number: null, masked: "", ...own } as Contact;
}

it("counts a customer's calls from whatever number, and a stranger's by the number", () => {
  const wang = { id: 7, name: "Wang" };
  const counts = countByCaller([
    contact({ id: "a", customer: wang, masked: "138****0001" }),
    contact({ id: "b", customer: wang, masked: "139****0002" }),
    contact({ id: "c", masked: "137****0003" }),
  ]);
  expect([...counts]).toEqual([
    ["a", 2],
    ["b", 2],
    ["c", 1],
  ]);
});

it("takes two withheld numbers for two callers", () => {
  const counts = countByCaller([contact({ id: "a" }), contact({ id: "b" })]);
  expect([counts.get("a"), counts.get("b")]).toEqual([1, 1]);
});
