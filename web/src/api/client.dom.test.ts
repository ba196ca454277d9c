import { expect, it } from "vitest";
import { bodyOf } from "./client";

it("takes an answer without a body that says it will be done later", async () => {
  await expect(bodyOf(Promise.resolve({ response: new Response(null, { status: 202 }) }))).resolves.toBe(
    undefined,
  );
});

it("refuses an answer that should have had a body", async () => {
  await expect(
    bodyOf(Promise.resolve({ response: new Response(null, { status: 200 }) })),
  ).rejects.toMatchObject({ code: "server_error" });
});
