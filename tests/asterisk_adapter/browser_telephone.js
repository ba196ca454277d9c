// A browser's telephone for tests: JsSIP as the desk uses it, answering every call and telling what it saw.
import { UA, WebSocketInterface } from "jssip";

window.calls = [];
window.state = "new";

window.openTelephone = (url, account, password) => {
  const agent = new UA({
    sockets: new WebSocketInterface(url),
    uri: `sip:${account}@zhiyin`,
    password,
    register: true,
    session_timers: false,
  });
  agent.on("registered", () => { window.state = "registered"; });
  agent.on("registrationFailed", () => { window.state = "refused"; });
  agent.on("newRTCSession", ({ session, request }) => {
    const call = { offer: request.getHeader("X-Zhiyin-Offer"), sdp: request.body, state: "ringing" };
    window.calls.push(call);
    session.on("confirmed", () => { call.state = "talking"; });
    session.on("ended", () => { call.state = "ended"; });
    session.on("failed", ({ cause }) => { call.state = `failed: ${cause}`; });
    session.on("peerconnection", ({ peerconnection }) => { call.connection = peerconnection; });
    session.on("sdp", (event) => {
      // somebody in between: another certificate answers than the one that was announced
      if (window.liesAboutCertificate && event.originator === "local")
        // not the first byte: Asterisk takes a fingerprint that begins with 00 for none (one certificate in 256)
        event.sdp = event.sdp.replace(/(a=fingerprint:.*:)(..)/g, (_, words, byte) => words + (byte === "00" ? "FF" : "00"));
    });
    session.answer({ mediaConstraints: { audio: true, video: false }, pcConfig: { iceServers: [] } });
    call.session = session;
    call.connection = session.connection;
    window.session = session;
  });
  agent.start();
};

/** Whether the browser's sound has gone out for a while, or its connection was given up. */
window.hasTried = async () => {
  const { connection } = window.session;
  if (["failed", "closed"].includes(connection.connectionState)) return true;
  for (const one of (await connection.getStats()).values())
    if (one.type === "outbound-rtp" && one.packetsSent > 100) return true;
  return false;
};

/** Energy of what the other side sends, from the browser's own statistics. */
window.heardEnergy = async () => {
  const stats = await window.session.connection.getStats();
  for (const one of stats.values()) if (one.type === "inbound-rtp" && one.kind === "audio") return one.totalAudioEnergy;
  return 0;
};
