import { describe, expect, it } from "vitest";
import { toNewTrunk, toTrunkChange } from "./trunk-body";

const filled = {
  name: "carrier",
  host: "sip.example.com",
  port: 5060,
  transport: "udp" as const,
  username: "me",
  does_register: true,
  caller_number: "",
  is_enabled: true,
  is_encrypted: false,
};

describe("a trunk's encryption", () => {
  it("goes with TLS", () => {
    const encrypted = { ...filled, transport: "tls" as const, is_encrypted: true };
    expect(toTrunkChange(encrypted).is_encrypted).toBe(true);
    expect(toTrunkChange({ ...encrypted, transport: "udp" }).is_encrypted).toBe(false);
    expect(toNewTrunk(filled).is_encrypted).toBe(false);
  });
});

describe("a trunk's password", () => {
  it("stays when the field is left empty", () => {
    expect(toTrunkChange(filled)).not.toHaveProperty("secret");
    expect(toTrunkChange({ ...filled, secret: "" })).not.toHaveProperty("secret");
  });

  it("changes when one is typed", () =>
    expect(toTrunkChange({ ...filled, secret: "new" }).secret).toBe("new"));

  it("goes with the user name", () => expect(toTrunkChange({ ...filled, username: "" }).secret).toBe(""));

  it("is empty for a new trunk that knows us by address", () => expect(toNewTrunk(filled).secret).toBe(""));
});
