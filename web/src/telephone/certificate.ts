/** The certificate by which the browser's voice is encrypted; its fingerprint goes ahead in the SDP. */

const ATTEMPTS = 5;

/**
 * Make one. Asterisk takes a fingerprint that begins with a zero byte for none at all and then checks nothing, so such
 * a one (of 256 one) is made anew. A browser that tells no fingerprints has its own certificate (undefined).
 */
export async function makeCertificate(): Promise<RTCCertificate | undefined> {
  for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
    const made = await RTCPeerConnection.generateCertificate({
      name: "ECDSA",
      namedCurve: "P-256",
    } as EcKeyGenParams);
    const [fingerprint] = made.getFingerprints?.() ?? [];
    if (fingerprint?.value === undefined) return undefined;
    if (!fingerprint.value.startsWith("00")) return made;
  }
  return undefined;
}
