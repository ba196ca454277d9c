import { expect, it } from "vitest";
import { whenStored } from "./interactions";
import { ApiProblem } from "./problem";

it("asks again for a contact that is not stored yet, and not for ever", () => {
  const notFound = new ApiProblem({ code: "not_found", status: 404 });
  expect(whenStored.retry(0, notFound)).toBe(true);
  expect(whenStored.retry(15, notFound)).toBe(false);
  expect(whenStored.retry(0, new ApiProblem({ code: "forbidden", status: 403 }))).toBe(false);
});
