import { expect, it } from "vitest";
import { splitCertificates, toBody, toValues } from "./values";

it("takes certificates as PEM, or bare with an empty line between", () => {
  const pem = "-----BEGIN CERTIFICATE-----\nAAA\nBBB\n-----END CERTIFICATE-----\n";
  expect(splitCertificates(pem + pem.replace("AAA", "CCC"))).toEqual(["AAABBB", "CCCBBB"]);
  expect(splitCertificates("AAA\nBBB\n\n CCC \n")).toEqual(["AAABBB", "CCC"]);
  expect(splitCertificates("  \n")).toEqual([]);
});

it("sends no empty secret, so that saving keeps the one that is there", () => {
  const values = toValues("oidc", undefined);
  const filled = { ...values, name: "n", issuer: "https://i.example", client_id: "c", client_secret: "" };
  expect(toBody(filled as never)).not.toHaveProperty("client_secret");
  expect(toBody({ ...filled, client_secret: "s" } as never)).toMatchObject({ client_secret: "s" });
  expect(toBody(filled as never)).not.toHaveProperty("certificates");
});
