import { afterEach, expect, it, vi } from "vitest";
import { makeCertificate } from "./certificate";

afterEach(() => vi.unstubAllGlobals());

function browserMaking(...fingerprints: (string | undefined)[]) {
  const generateCertificate = vi.fn(async () => {
    const value = fingerprints.shift();
    return { getFingerprints: () => (value === undefined ? [] : [{ algorithm: "sha-256", value }]) };
  });
  vi.stubGlobal("RTCPeerConnection", { generateCertificate });
  return generateCertificate;
}

it("makes a certificate anew whose fingerprint begins with a zero byte", async () => {
  const generate = browserMaking("00:1f:a2", "00:00:01", "0a:1f:a2");
  expect((await makeCertificate())?.getFingerprints()[0]?.value).toBe("0a:1f:a2");
  expect(generate).toHaveBeenCalledTimes(3);
});

it("leaves it to a browser that tells no fingerprint", async () => {
  browserMaking(undefined);
  expect(await makeCertificate()).toBeUndefined();
});
