/** Payload types of G.711 by RFC 3551, A-law first: what Asterisk mixes and records without converting. */
const G711 = ["8", "0"];

/**
 * Leave only G.711 and its telephone events in an SDP that we offer, so that a call never needs converting.
 * An SDP without G.711 is returned as it is: a call that sounds is worth more than the rule.
 */
export function keepG711(sdp: string): string {
  const lines = sdp.split("\r\n");
  const media = lines.findIndex((line) => line.startsWith("m=audio "));
  if (media < 0) return sdp;
  const head = (lines[media] ?? "").split(" ");
  const offered = head.slice(3);
  const speech = G711.filter((type) => offered.includes(type));
  if (speech.length === 0) return sdp;
  const events = offered.filter((type) =>
    lines.some((line) => line.toLowerCase() === `a=rtpmap:${type} telephone-event/8000`),
  );
  const kept = new Set([...speech, ...events]);
  const result = lines.filter((line, index) => {
    if (index <= media) return true;
    const type = /^a=(?:rtpmap|fmtp|rtcp-fb):(\d+)/.exec(line)?.[1];
    return type === undefined || kept.has(type);
  });
  result[media] = [...head.slice(0, 3), ...kept].join(" ");
  return result.join("\r\n");
}
