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
    session.answer({ mediaConstraints: { audio: true, video: false }, pcConfig: { iceServers: [] } });
    call.session = session;
    call.connection = session.connection;
    window.session = session;
  });
  agent.start();
};

/** Energy of what the other side sends, from the browser's own statistics. */
window.heardEnergy = async () => {
  const stats = await window.session.connection.getStats();
  for (const one of stats.values()) if (one.type === "inbound-rtp" && one.kind === "audio") return one.totalAudioEnergy;
  return 0;
};
