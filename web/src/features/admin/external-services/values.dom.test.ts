import { describe, expect, it } from "vitest";
import { type ExternalService, KINDS } from "./api";
import { freshValues, pathOf, toBody, toValues } from "./values";

const service: ExternalService = {
  id: 3,
  kind: "http",
  name: "订单系统",
  has_secret: true,
  is_enabled: true,
  settings: {
    kind: "http",
    base_url: "https://orders.example",
    headers: { "X-Shop": "7" },
    secret_header: "X-Key",
  },
};

describe("a service's form", () => {
  it("holds headers as rows, and gives them back", () => {
    const values = toValues(service);
    expect(values.settings.headers).toEqual([{ name: "X-Shop", text: "7" }]);
    expect(toBody(values)).toEqual({ name: service.name, is_enabled: true, settings: service.settings });
  });

  it("goes by the usual path of a protocol, and keeps one that somebody wrote", () => {
    expect(pathOf("funasr", "/v1/audio/transcriptions")).toBe("/");
    expect(pathOf("form", "/")).toBe("/v1/audio/transcriptions");
    expect(pathOf("sherpa", "/asr")).toBe("/asr");
  });

  it("keeps the secret there is where none was typed", () => {
    expect(toBody({ ...toValues(service), secret: "" })).not.toHaveProperty("secret");
    expect(toBody({ ...toValues(service), secret: "new" }).secret).toBe("new");
  });

  it.each(KINDS)("begins a new %s with what can be sent", (kind) => {
    const body = toBody({ ...freshValues(kind), name: "x" });
    expect(body.settings.kind).toBe(kind);
    if ("body" in body.settings)
      expect(() => JSON.parse(String((body.settings as { body: string }).body))).not.toThrow();
    expect("headers" in body.settings).toBe(["http", "sms", "synthesis", "recognition"].includes(kind));
  });
});
