import { describe, expect, it } from "vitest";
import { keepG711 } from "./sdp";

const CHROME = [
  "v=0",
  "m=audio 9 UDP/TLS/RTP/SAVPF 111 63 9 0 8 13 110 126",
  "a=rtpmap:111 opus/48000/2",
  "a=rtcp-fb:111 transport-cc",
  "a=fmtp:111 minptime=10;useinbandfec=1",
  "a=rtpmap:63 red/48000/2",
  "a=rtpmap:9 G722/8000",
  "a=rtpmap:0 PCMU/8000",
  "a=rtpmap:8 PCMA/8000",
  "a=rtpmap:13 CN/8000",
  "a=rtpmap:110 telephone-event/48000",
  "a=rtpmap:126 telephone-event/8000",
  "a=ssrc:1 cname:x",
  "",
].join("\r\n");

describe("keepG711", () => {
  it("keeps A-law, mu-law and their telephone events, in this order", () => {
    const lines = keepG711(CHROME).split("\r\n");
    expect(lines[1]).toBe("m=audio 9 UDP/TLS/RTP/SAVPF 8 0 126");
    expect(lines.filter((line) => line.startsWith("a=rtpmap"))).toEqual([
      "a=rtpmap:0 PCMU/8000",
      "a=rtpmap:8 PCMA/8000",
      "a=rtpmap:126 telephone-event/8000",
    ]);
    expect(lines).toContain("a=ssrc:1 cname:x");
    expect(lines.some((line) => line.includes("111"))).toBe(false);
  });

  it("leaves an SDP without G.711 or without audio alone", () => {
    const opusOnly = "m=audio 9 RTP/SAVPF 111\r\na=rtpmap:111 opus/48000/2\r\n";
    expect(keepG711(opusOnly)).toBe(opusOnly);
    expect(keepG711("v=0\r\n")).toBe("v=0\r\n");
  });
});
